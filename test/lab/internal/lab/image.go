package lab

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/kubestuck/stuck/test/lab/internal/registry"
)

// ImportImage puts an image on the node that has one static program and nothing else: the program is its entrypoint.
func (l *Lab) ImportImage(tag, program string) error {
	dir, err := os.MkdirTemp("", "image")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	archive := filepath.Join(dir, "image.tar")
	if err := registry.SaveProgram(archive, tag, program); err != nil {
		return fmt.Errorf("make an image of %s: %w", program, err)
	}
	if out, err := l.Inside("ctr", "--namespace", "k8s.io", "images", "import", archive).CombinedOutput(); err != nil {
		return fmt.Errorf("import %s: %w: %s", tag, err, out)
	}
	return nil
}
