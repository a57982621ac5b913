package types

// components are the strongly connected components of a graph, each after those that it leads to: Tarjan's algorithm ("Depth-first search
// and linear graph algorithms", 1972), with a stack of its own.
//
// An edge to a negative number leads nowhere.
func components(n int, edges func(int) []int32) [][]int32 {
	t := tarjan{edges: edges, low: make([]int32, n), number: make([]int32, n), on: make([]bool, n)}
	t.members = make([]int32, 0, n)
	for i := range n {
		if t.number[i] == 0 {
			t.visit(int32(i))
		}
	}
	return t.found
}

type tarjan struct {
	edges   func(int) []int32
	count   int32
	number  []int32 // the order in which nodes were found, from 1
	low     []int32 // the earliest node that can be reached back
	on      []bool  // on the stack
	stack   []int32
	calls   []visit
	members []int32 // of all components
	found   [][]int32
}

// visit is a node whose edges are being followed.
type visit struct {
	node int32
	edge int
}

func (t *tarjan) enter(node int32) {
	t.count++
	t.number[node], t.low[node] = t.count, t.count
	t.stack = append(t.stack, node)
	t.on[node] = true
	t.calls = append(t.calls, visit{node, 0})
}

func (t *tarjan) visit(root int32) {
	t.enter(root)
	for len(t.calls) > 0 {
		top := &t.calls[len(t.calls)-1]
		node, edges := top.node, t.edges(int(top.node))
		if top.edge == len(edges) {
			t.leave(node)
			continue
		}
		next := edges[top.edge]
		top.edge++
		switch {
		case next < 0:
		case t.number[next] == 0:
			t.enter(next)
		case t.on[next]:
			t.low[node] = min(t.low[node], t.number[next])
		}
	}
}

func (t *tarjan) leave(node int32) {
	t.calls = t.calls[:len(t.calls)-1]
	if len(t.calls) > 0 {
		parent := t.calls[len(t.calls)-1].node
		t.low[parent] = min(t.low[parent], t.low[node])
	}
	if t.low[node] != t.number[node] {
		return
	}
	start := len(t.members)
	for {
		last := t.stack[len(t.stack)-1]
		t.stack = t.stack[:len(t.stack)-1]
		t.on[last] = false
		t.members = append(t.members, last)
		if last == node {
			break
		}
	}
	t.found = append(t.found, t.members[start:len(t.members):len(t.members)])
}
