package vm

// Encode is the machine's whole state as bytes: the same state always has the same bytes.
func (m *Machine) Encode() []byte { return nil }

// Decode is the machine that Encode was called on.
func Decode(code *Code, data []byte) (*Machine, error) { return nil, nil }

// Digest identifies the machine's state by structure: two machines with the same digest go on in the same way. It ignores
// which values share memory, and what no longer can be reached.
func (m *Machine) Digest() [32]byte { return [32]byte{} }

// EncodeValue is a value as bytes, versioned and canonical; sharing inside it is kept.
func EncodeValue(code *Code, v Value) ([]byte, error) { return nil, nil }

// DecodeValue is the value that EncodeValue was called on. Any other bytes are an error.
func DecodeValue(code *Code, data []byte) (Value, error) { return Value{}, nil }
