package vm

// Links say what becomes of what a value names outside itself when it moves to another program. A nil function leaves things
// as they are.
type Links struct {
	// Func and Import are the index, in the other program, of what has the index here; false if it is gone.
	Func, Import func(index int) (int, bool)
	// Future is the new id of a future.
	Future func(id string) string
}

// Relink is a value for another program. Functions that are gone become null. Sharing inside the value is lost, so this is
// for values that people type and look at.
func Relink(v Value, to *Code, links Links) Value {
	switch v.Kind() {
	case KindList:
		items := make([]Value, v.Len())
		for i, item := range v.Items() {
			items[i] = Relink(item, to, links)
		}
		return newList(items)
	case KindHash:
		var pairs []Value
		for key, value := range v.Pairs() {
			pairs = append(pairs, key, Relink(value, to, links))
		}
		return mustHash(pairs...)
	case KindFuture:
		if links.Future != nil {
			return Future(links.Future(v.FutureID()))
		}
	case KindFunction:
		return relinkFunction(v.function(), to, links)
	}
	return v
}

func relinkFunction(f *functionObject, to *Code, links Links) Value {
	index, kept := int(f.index), true
	switch {
	case f.form == formHark && links.Func != nil:
		index, kept = links.Func(index)
	case f.form == formForeign && links.Import != nil:
		index, kept = links.Import(index)
	}
	switch {
	case !kept:
		return Null
	case f.form == formForeign:
		return to.Import(index)
	case f.form == formBuiltin:
		return functionValue(&to.builtins[index])
	case len(f.captures) == 0:
		return to.Function(index)
	}
	captures := make([]Value, len(f.captures))
	for i, captured := range f.captures {
		captures[i] = Relink(captured, to, links)
	}
	return functionValue(&functionObject{rep: repFunction, form: formHark, index: uint32(index), code: to, captures: captures})
}
