package registry

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
)

// review is what of an AdmissionReview is read and written here; what is left out keeps its default.
type review struct {
	APIVersion string         `json:"apiVersion"`
	Kind       string         `json:"kind"`
	Request    *reviewRequest `json:"request,omitempty"`
	Response   *reviewAnswer  `json:"response,omitempty"`
}

type reviewRequest struct {
	UID    string `json:"uid"`
	Object struct {
		Spec struct{ Containers []struct{ Name string } }
	} `json:"object"`
}

type reviewAnswer struct {
	UID       string            `json:"uid"`
	Allowed   bool              `json:"allowed"`
	Status    map[string]string `json:"status,omitempty"`
	PatchType string            `json:"patchType,omitempty"`
	Patch     []byte            `json:"patch,omitempty"`
}

// webhook is webhook.lab, an admission webhook that does what its path says: /memory/16Mi gives every container that
// limit of memory, /deny refuses.
func webhook(w http.ResponseWriter, r *http.Request) {
	var asked review
	if err := json.NewDecoder(r.Body).Decode(&asked); err != nil || asked.Request == nil {
		http.Error(w, "no AdmissionReview", http.StatusBadRequest)
		return
	}
	answer := &reviewAnswer{UID: asked.Request.UID, Allowed: true}
	what, amount, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	switch what {
	case "memory":
		var patch []map[string]any
		for i := range asked.Request.Object.Spec.Containers {
			patch = append(patch, map[string]any{"op": "add", "path": "/spec/containers/" + strconv.Itoa(i) + "/resources",
				"value": map[string]any{"limits": map[string]string{"memory": amount}}})
		}
		answer.PatchType = "JSONPatch"
		answer.Patch, _ = json.Marshal(patch) // of strings alone
	case "deny":
		answer.Allowed, answer.Status = false, map[string]string{"message": "images must come from trusted.lab"}
	}
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(review{APIVersion: asked.APIVersion, Kind: asked.Kind, Response: answer})
}
