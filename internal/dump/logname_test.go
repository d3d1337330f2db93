package dump

import "testing"

// TestLogNames holds what files and commands are called against whose log they are of.
func TestLogNames(t *testing.T) {
	id := "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	for file, want := range map[string]logName{
		"must-gather/namespaces/shop/pods/web-0/app/app/logs/previous.log":        {"shop", "web-0", "app"},
		"/var/log/pods/shop_web-0_8a1f5d6e-0000-4000-8000-123456789abc/app/0.log": {"shop", "web-0", "app"},
		"/var/log/containers/web-0_shop_app-" + id + ".log":                       {"shop", "web-0", "app"},
		"x/cluster-resources/pods/logs/shop/web-0/app-previous.log":               {"shop", "web-0", "app"},
		"podlogs/shop/web-0/logs/app.txt":                                         {"shop", "web-0", "app"},
		"shop_web-0_app.log":                                                      {"shop", "web-0", "app"},
		"web-7d9f8b6c5-abcde.log":                                                 {"", "web-7d9f8b6c5-abcde", ""},
		"web-0.previous.log":                                                      {"", "web-0", ""},
		"web-0_app.log":                                                           {"", "web-0", "app"},
		"shop_web-0.txt":                                                          {"shop", "web-0", ""},
		"app-2026-03-02.log":                                                      {},
		"app.log":                                                                 {},
		"stdin":                                                                   {}, "my_app.log": {}, "": {},
	} {
		if got := logNameOf(file); got != want {
			t.Errorf("%s: got %v, want %v", file, got, want)
		}
	}
	for line, want := range map[string]logName{
		"$ kubectl logs -n shop web-0 -c app --previous":        {"shop", "web-0", "app"},
		"root@n1:~# kubectl -nshop logs pod/web-0 app --tail=5": {"shop", "web-0", "app"},
		"PS C:\\> kubectl logs web-0 > app.log":                 {"", "web-0", ""},
		"➜  ~ k logs deploy/web --namespace=shop --tail 20":     {"shop", "", ""},
		"$ kubectl logs -l app=web --all-containers --prefix":   {},
		"$ docker logs web 2>&1 | tail":                         {},
		"$ kubectl logs -n ../x $(kubectl get po) -c ;rm":       {},
	} {
		if got, ok := askedLog(line); got != want || !ok {
			t.Errorf("%s: got %v, want %v", line, got, want)
		}
	}
	for _, line := range []string{"$ kubectl get pods", "see the kubectl logs of web-0", "logs web-0", ""} {
		if n, ok := askedLog(line); ok {
			t.Errorf("%q asks for the log of %v", line, n)
		}
	}
}

// TestOwnLinesOfDocker takes the lines of a file of Docker out of their JSON.
func TestOwnLinesOfDocker(t *testing.T) {
	r := &reader{name: "x.log", asked: true}
	logs := r.ownLines([]byte(`{"log":"exec /app: exec format error\n","stream":"stderr"}`+"\n"), 0, logName{})
	if len(logs) != 1 || logs[0].lines[0] != "exec /app: exec format error" || !logs[0].ends() {
		t.Errorf("got %+v", logs)
	}
}
