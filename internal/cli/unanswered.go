package cli

import (
	"context"
	"crypto/x509"
	"errors"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/live"
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
			didYouMean(nearest(none.Name, none.There), message.Of("cli.namespace.list")))
	}
	return failedBy(err, unlisted(err), advice(err))
}

// unlisted says what could not be listed, and why.
func unlisted(err error) message.Message {
	var list *live.ListError
	var silent *live.SilentError
	var why any = reason(err)
	if errors.As(err, &silent) {
		why = message.Of("cli.silent", "host", silent.Host, "time", silent.For.Round(100*time.Millisecond).String(),
			"n", silent.Tries, "why", reason(silent.Err))
	}
	if !errors.As(err, &list) {
		return message.Of("cli.quoted", "text", why)
	}
	if silent == nil {
		why = reason(list.Err)
	}
	switch {
	case !cluster.KindOf(list.Kind).Namespaced:
		return message.Of("cli.list.cluster", "kinds", list.Kind+"s", "why", why)
	case list.Namespace == "":
		return message.Of("cli.list.all", "kinds", list.Kind+"s", "why", why)
	}
	return message.Of("cli.list.namespace", "kinds", list.Kind+"s", "namespace", list.Namespace, "why", why)
}

// advice is what to do where a cluster could not be asked.
func advice(err error) message.Message {
	var silent *live.SilentError
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
