package cli

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/runtime/executor/lambda"
)

// What hark.toml says about the age of sessions holds for those that are run here, and for those in the cloud.
func TestAgesOfSessions(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		project string
		flags   []string
		want    time.Duration
	}{
		"usual":    {"", nil, 120 * 24 * time.Hour},
		"own":      {"[instance]\nsession_max_age = \"2h\"\nsession_ttl = 60\n", nil, 2*time.Hour + time.Minute},
		"isolated": {"[instance]\nsession_max_age = \"2h\"\nsession_ttl = 60\n", []string{"--isolated"}, 2*time.Hour + time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := folder(t, map[string]string{"hark.toml": c.project, "main.hk": "fn child() { 1 }\nfn main() { await async child() }"})
			finished(t, dir, append([]string{"run", "main.hk"}, c.flags...)...)
			s, err := (&storeFlags{kind: inSQLite, project: dir}).find(t.Context())
			require.NoError(t, err)
			defer s.close()
			root, err := s.named(t.Context(), "latest")
			require.NoError(t, err)
			threads, err := s.reader().Threads(t.Context(), root.ID.Session)
			require.NoError(t, err)
			require.Len(t, threads, 2)
			for _, h := range threads {
				assert.WithinDuration(t, root.Started.Add(c.want), h.Expires, 2*time.Second)
			}
		})
	}
}

func TestAgesInLambda(t *testing.T) {
	t.Setenv(tableVariable, "sessions")
	t.Setenv("AWS_REGION", "us-east-1")
	t.Setenv(instanceVariable, "prod")
	dir := folder(t, map[string]string{"hark.toml": "[instance]\nsession_ttl = \"3d\"\n[instance.prod]\nsession_max_age = \"7d\"\n"})
	c, err := configureLambda(lambda.Environment{Root: dir})
	require.NoError(t, err)
	assert.Equal(t, 7*24*time.Hour, c.MaxAge)
	assert.Equal(t, 3*24*time.Hour, c.TTL)
}
