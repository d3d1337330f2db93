package cli

import (
	"context"
	"crypto/x509"
	"errors"
	"strings"

	"github.com/kubestuck/stuck/internal/live"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

// unanswered says what to do where a cluster did not even tell of its Pods.
func unanswered(err error) error {
	var silent *live.SilentError
	var none *live.NoNamespaceError
	var ca x509.UnknownAuthorityError
	var host x509.HostnameError
	var invalid x509.CertificateInvalidError
	switch {
	case errors.Is(err, context.Canceled):
		return failed("", "stopped before the cluster had answered")
	case errors.As(err, &none):
		todo := "kubectl get namespaces lists those that there are."
		if near := nearest(none.Name, none.There); len(near) > 0 {
			todo = "Did you mean " + strings.Join(near, ", ") + "? " + todo
		}
		return failed(todo, "%v", err)
	case errors.As(err, &silent):
		return failed("See whether the server is up and reachable from here (kubectl get --raw /readyz); wait longer with --request-timeout 2m.", "%v", err)
	case errors.As(err, &ca), errors.As(err, &host), errors.As(err, &invalid):
		return failed("The server's certificate does not fit the kubeconfig: compare its server and certificate-authority with those of the cluster.", "%v", err)
	case apierrors.IsUnauthorized(err):
		return failed("Log in again, or give another --context or --user.", "%v", err)
	}
	return failed("Check the connection and the rights: kubectl auth can-i list pods", "%v", err)
}
