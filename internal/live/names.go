package live

import (
	"context"

	"github.com/kubestuck/stuck/internal/cluster"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Names are the names of the objects of a kind in a namespace, from the API server's cache, by one request that is made
// once. It is for completion on the command line: what does not come at once comes too late.
func (c *Client) Names(ctx context.Context, k cluster.Kind, namespace string) ([]string, error) {
	var names []string
	take := func(item []byte, isJSON bool) error {
		var m metav1.PartialObjectMetadata
		err := decode(item, isJSON, &m)
		names = append(names, m.Name)
		return err
	}
	_, err := c.page(ctx, c.once, k, namespace, metaList, metav1.ListOptions{ResourceVersion: "0"}, take)
	return names, err
}
