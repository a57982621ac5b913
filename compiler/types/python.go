package types

// Python gives the signature of a Python function, by module and path of attributes; false if its source is not known.
type Python func(module, name string) (Signature, bool)

// FromPython is the type of the values that a Python annotation allows, as Hark sees them: name is what stands before the brackets,
// with dots or not ("int", "typing.Optional", "|"), args what stands in them. What it does not know is Any.
func FromPython(name string, args ...Type) Type {
	return Any
}
