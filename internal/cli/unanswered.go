package cli

import (
	"context"
	"crypto/x509"
	"errors"

	"github.com/kubestuck/stuck/internal/live"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/message"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

// unanswered is the error where a cluster did not even say which Pods it has, and what to do about that.
func unanswered(err error) error {
	var none *live.NoNamespaceError
	switch {
	case errors.Is(err, context.Canceled):
		return failedBy(err, message.Of("cli.stopped"), message.Message{})
	case errors.As(err, &none):
		return failedBy(err, message.Of("cli.namespace.none", "name", none.Name),
			didYouMean(match.Nearest(none.Name, none.There), message.Of("cli.namespace.list")))
	}
	return failedBy(err, message.Because(err), advice(err))
}

// advice is what to do where a cluster could not be asked.
func advice(err error) message.Message {
	var silent *live.NoAnswerError
	var ca x509.UnknownAuthorityError
	var host x509.HostnameError
	var invalid x509.CertificateInvalidError
	switch {
	case errors.As(err, &silent):
		return message.Of("cli.silent.reach")
	case errors.As(err, &ca), errors.As(err, &host), errors.As(err, &invalid):
		return message.Of("cli.certificate")
	case apierrors.IsUnauthorized(err):
		return message.Of("cli.login")
	}
	return message.Of("cli.rights")
}
