package ide

// What async and await do at a place: which function runs, and what comes of it.

import (
	"strings"

	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/compiler/types"
)

// async explains an async at its place.
func (h *hoverer) async(n *syntax.Async) string {
	call, ok := syntax.Unparen(n.Operand).(*syntax.Call)
	if !ok {
		return paragraphs(code("async"), keywordDocs[syntax.KwAsync])
	}
	t := h.facts.Of(n)
	head := "async " + h.callee(call)
	if !t.IsAny() {
		head += " -> " + t.String()
	}
	text := "Starts a thread that runs " + h.runs(t, call) + ", and is its future at once."
	if t.Kinds() == types.Future && !t.Awaited().IsAny() {
		text += " `await` gives " + typed(t.Awaited()) + "."
	}
	if mark := threadMarks(h.s, h.file, h.index)[n]; mark != "" {
		text += "\n\nThe thread's number: `" + mark + "`, after that of the thread that starts it."
	}
	return paragraphs(code(head), text)
}

// await explains an await at its place.
func (h *hoverer) await(n *syntax.Await) string {
	operand, value := h.facts.Of(n.Operand), h.facts.Of(n)
	head := "await"
	if !operand.IsAny() {
		head += " " + operand.String()
	}
	if !value.IsAny() {
		head += " -> " + value.String()
	}
	text := keywordDocs[syntax.KwAwait]
	switch kinds := operand.Kinds(); {
	case operand.IsAny():
	case kinds == types.Future:
		text = "Waits for " + h.thread(operand, n.Operand) + "; its value is " + typed(value) + "."
	case kinds == types.List && holdsFuture(operand.Elem()):
		text = "Waits for all futures of the List" + h.threads(operand.Elem()) + "; the value is " + typed(value) + "."
	case !kinds.Has(types.Future | types.List):
		text = "There is nothing to wait for: the value is no future, and is returned as it is."
	}
	return paragraphs(code(head), text)
}

// threads is, in words, what computes the futures of a List.
func (h *hoverer) threads(t types.Type) string {
	if names := calleeNames(t.Threads()); names != "" {
		return ", each of a thread that runs " + names
	}
	return ""
}

// thread is, in words, what computes a future.
func (h *hoverer) thread(t types.Type, operand syntax.Expr) string {
	if async, ok := unparenAny(operand).(*syntax.Async); ok {
		if call, ok := syntax.Unparen(async.Operand).(*syntax.Call); ok {
			return "the thread that runs " + h.runs(t, call)
		}
	}
	if names := calleeNames(t.Threads()); names != "" {
		return "the thread that runs " + names
	}
	return "the thread behind the future"
}

func unparenAny(e syntax.Expr) syntax.Expr {
	if e == nil {
		return nil
	}
	return syntax.Unparen(e)
}

// runs is, in words, which function a thread runs.
func (h *hoverer) runs(t types.Type, call *syntax.Call) string {
	if names := calleeNames(t.Threads()); names != "" {
		return names
	}
	if id, ok := syntax.Unparen(call.Callee).(*syntax.Ident); ok {
		return "`" + id.Name + "`"
	}
	return "the call"
}

// calleeNames lists functions in a sentence.
func calleeNames(callees []types.Callee) string {
	var names []string
	for _, c := range callees {
		name := "a lambda"
		if c.Name != "" {
			name = "`" + c.Name + "`"
		}
		names = append(names, name)
	}
	return strings.Join(names, " or ")
}

// callee is a call as its head: the name and the arguments, if they are short.
func (h *hoverer) callee(call *syntax.Call) string {
	const most = 60
	text := strings.Join(strings.Fields(h.text(h.item.Abs(call.Span()))), " ")
	if len(text) <= most {
		return text
	}
	return strings.Join(strings.Fields(h.text(h.item.Abs(call.Callee.Span()))), " ") + "(…)"
}

// typed is a type in a sentence.
func typed(t types.Type) string {
	switch {
	case t.IsAny():
		return "a value of any type"
	case t.IsNever():
		return "no value, as it always raises"
	}
	return "`" + t.String() + "`"
}

// futureText says of a name that holds a future where its value comes from.
func (h *hoverer) futureText(t types.Type) string {
	if t.IsAny() || t.Kinds() != types.Future {
		return ""
	}
	text := "It is still being computed"
	if names := calleeNames(t.Threads()); names != "" {
		text += ", by the thread that runs " + names
	}
	return text + ": `await` gives " + typed(t.Awaited()) + "."
}
