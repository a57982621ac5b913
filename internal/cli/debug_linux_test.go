package cli

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// typist is somebody at a terminal.
type typist struct {
	*testing.T
	terminal *os.File
	// seen is what came since the last look.
	seen string
	came chan string
}

// pseudoTerminal is both sides of a new one.
func pseudoTerminal(t *testing.T) (typing, program *os.File) {
	t.Helper()
	typing, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	require.NoError(t, err)
	fd := int(typing.Fd())
	number, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	require.NoError(t, err)
	require.NoError(t, unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0))
	require.NoError(t, unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: 100}))
	program, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	require.NoError(t, err)
	return typing, program
}

// atTerminal runs a command as somebody at a terminal does.
func atTerminal(t *testing.T, dir string, args ...string) (*typist, *exec.Cmd) {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	typing, program := pseudoTerminal(t)
	cmd := &exec.Cmd{Path: self, Args: append([]string{"hark-ls"}, args...), Dir: dir, Stdin: program, Stdout: program, Stderr: program}
	cmd.Env = append(os.Environ(), "TERM=xterm", "HOME="+dir, "XDG_CACHE_HOME="+dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	require.NoError(t, cmd.Start())
	require.NoError(t, program.Close())
	person := &typist{T: t, terminal: typing, came: make(chan string, 100)}
	go func() {
		defer close(person.came)
		for buffer := make([]byte, 4096); ; {
			n, err := typing.Read(buffer)
			if err != nil {
				return
			}
			person.came <- string(buffer[:n])
		}
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = typing.Close()
	})
	return person, cmd
}

func (p *typist) types(keys string) {
	_, err := p.terminal.WriteString(keys)
	require.NoError(p, err)
}

// sees waits until a text is on the terminal.
func (p *typist) sees(text string) {
	p.Helper()
	late := time.After(30 * time.Second)
	for !strings.Contains(p.seen, text) {
		select {
		case more, ok := <-p.came:
			require.True(p, ok, "it ended, and before that: %q", p.seen)
			p.seen += more
		case <-late:
			require.Fail(p, "waited in vain", "for %q in %q", text, p.seen)
		}
	}
	_, p.seen, _ = strings.Cut(p.seen, text)
}

// loopForever says so when it is under way.
const loopForever = `fn main() {
  print("begun");
  turn(0)
}

fn turn(n) {
  if n == 1000 { print("turning") };
  turn(n + 1)
}
`

// The debugger at a terminal: a prompt, colours, completion, the last motion again with an empty line, Ctrl-C.
func TestDebugAtATerminal(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "main.hk"), []byte(loopForever), 0o644))
	person, cmd := atTerminal(t, dir, "debug", "main.hk")
	person.sees("\x1b[1mbegins\x1b[0m")
	person.sees("(hark) ")
	person.types("ne\t\r")
	person.sees("next")
	person.sees("main.hk:3")
	person.sees("(hark) ")
	person.types("print 6 * 7\r")
	person.sees("42")
	person.sees("(hark) ")
	person.types("step\r")
	person.sees("main.hk:7")
	person.sees("(hark) ")
	person.types("\r") // once more
	person.sees("main.hk:8")
	person.sees("(hark) ")
	person.types("c\r")
	person.sees("turning")
	person.types("\x03")
	person.sees("pausing")
	person.sees("paused")
	person.sees("(hark) ")
	person.types("print n > 1\r")
	person.sees("true")
	atPrompt := func(keys string) { // which is there when it echoes
		person.sees("(hark) ")
		person.types("x")
		person.sees("x")
		person.types(keys)
	}
	atPrompt("\x03")
	person.sees("Ctrl-C again leaves")
	atPrompt("\x03")
	require.NoError(t, cmd.Wait())
	history, err := os.ReadFile(filepath.Join(dir, "hark-ls", "debug-history"))
	require.NoError(t, err)
	assert.Contains(t, string(history), "print 6 * 7\nstep\n")
}
