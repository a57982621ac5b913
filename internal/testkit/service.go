package testkit

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// Service is a server that the tests of a package share: started for the first that asks for it, ended by Main.
type Service struct {
	script string
	mu     sync.Mutex
	url    string
	cmd    *exec.Cmd
	stdin  io.WriteCloser
}

// The services that tests can have.
var (
	// DynamoDB is DynamoDB Local; each access key has tables of its own.
	DynamoDB = &Service{script: "dynamodb.sh"}
	// AWS is moto, which stands in for most of AWS.
	AWS = &Service{script: "moto.sh"}
)

// URL is where the service listens, on the loopback interface.
func (s *Service) URL(t testing.TB) string {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cmd != nil {
		return s.url
	}
	// It ends when its standard input does, and so with this process, however that may end.
	cmd := exec.Command(filepath.Join(Install(t, s.script), "serve"))
	var err error
	s.stdin, err = cmd.StdinPipe()
	require.NoError(t, err)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	line, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err, "%s did not say where it listens", s.script)
	s.cmd, s.url = cmd, strings.TrimSpace(line)
	return s.url
}

func (s *Service) stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cmd == nil {
		return
	}
	_ = s.stdin.Close()
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
}

// Main runs the tests of a package that uses services, and ends these. TestMain calls it.
func Main(m *testing.M) {
	code := m.Run()
	DynamoDB.stop()
	AWS.stop()
	os.Exit(code)
}
