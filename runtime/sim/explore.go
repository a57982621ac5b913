package sim

// Explore runs a session under every schedule there is, in the order of a search: each decision first in its calm way. A step
// is one thing done in the world with all that is computed after it, so that the number of schedules is one that can be
// worked out by hand; a sweep is one step. Of each schedule the first depth decisions are tried in all ways, 0 for all of them. It returns how
// many schedules there were, and stops at the first error of each.
func Explore(c Case, depth int, each func(*Transcript, error) error) (schedules int, err error) {
	return search(c, &explorer{depth: depth}, each)
}

// EachFault runs a session once for each fault that there can be in it, each at each place, in the order of things of a
// calm world. It returns how many there were, counting the calm one.
func EachFault(c Case, each func(*Transcript, error) error) (schedules int, err error) {
	return search(c, &explorer{calm: true}, each)
}

// search runs a session along all paths. Its store is a new one each time.
func search(c Case, x *explorer, each func(*Transcript, error) error) (schedules int, err error) {
	for {
		x.at = 0
		schedules++
		s := newSimulation(c, x)
		s.w.coarse = true
		if err := each(s.run()); err != nil {
			return schedules, err
		}
		if !x.next() {
			return schedules, nil
		}
	}
}

// explorer decides along a path, and makes the next path of it.
type explorer struct {
	path, widths []int
	at, depth    int
	// calm says that nothing is tried but faults.
	calm bool
}

func (x *explorer) decide(_ *world, k kind, _ place, n int) int {
	if x.calm && k == order {
		return 0
	}
	if x.depth > 0 && x.at >= x.depth {
		return 0
	}
	if x.at == len(x.path) {
		x.path, x.widths = append(x.path, 0), append(x.widths, n)
	}
	x.at++
	return x.path[x.at-1]
}

// next is the next path, if there is one: the last decision that can be made otherwise is.
func (x *explorer) next() bool {
	for last := len(x.path) - 1; last >= 0; last-- {
		if x.path[last]++; x.path[last] < x.widths[last] {
			return true
		}
		x.path, x.widths = x.path[:last], x.widths[:last]
	}
	return false
}
