package bytecode

// Row describes an operation: the one place that listing, assembling, verifying and documentation go by.
type Row struct {
	Op   Op
	Name string
	// A, B, C and D are the meanings of the operands. One that is None has to be 0.
	A, B, C, D Operand
	// Blocks: it may have to wait for the world. The program counter stays on it meanwhile, and its operands stay in
	// their registers, so that it can be executed again.
	Blocks bool
	// Ends: execution never goes on with the next instruction.
	Ends bool
	// Doc is one line, in terms of R[x] register x, K[d] constant d, F[d] function d, I[d] import d, B[d] builtin d.
	Doc string
}

// Ops is the table, indexed by Op.
var Ops = func() [opCount]Row {
	var table [opCount]Row
	for _, row := range rows {
		table[row.Op] = row
	}
	return table
}()

var rows = []Row{
	{Op: MOVE, Name: "move", A: Def, B: Use, Doc: "R[a] = R[b]"},
	{Op: CONST, Name: "const", A: Def, D: ConstRef, Doc: "R[a] = K[d]"},
	{Op: INT, Name: "int", A: Def, D: Imm, Doc: "R[a] = d"},
	{Op: NULL, Name: "null", A: Def, Doc: "R[a] = null"},
	{Op: BOOL, Name: "bool", A: Def, B: Flag, Doc: "R[a] = b != 0"},
	{Op: UNSET, Name: "unset", A: Def, Doc: "R[a] = no value"},
	{Op: LOADW, Name: "loadw", A: Def, D: WideUse, Doc: "R[a] = R[d]"},
	{Op: STOREW, Name: "storew", A: Use, D: WideDef, Doc: "R[d] = R[a]"},

	{Op: FUNC, Name: "func", A: Def, D: FuncRef, Doc: "R[a] = F[d], which has no captures"},
	{Op: FOREIGN, Name: "foreign", A: Def, D: ImportRef, Doc: "R[a] = I[d]"},
	{Op: BUILTIN, Name: "builtin", A: Def, D: BuiltinRef, Doc: "R[a] = B[d]"},
	{Op: CLOSURE, Name: "closure", A: Def, B: Captured, D: FuncRef, Doc: "R[a] = F[d] closed over R[b] …; as many as F[d] has captures"},
	{Op: CAPTURE, Name: "capture", A: Def, D: CaptureRef, Doc: "R[a] = capture d of the running closure, maybe no value"},
	{Op: SELF, Name: "self", A: Def, Doc: "R[a] = the running closure"},

	{Op: CHECK, Name: "check", A: Use, D: NameRef, Doc: "raise Name unless R[a] has a value; K[d] is the variable's name"},
	{Op: JSET, Name: "jset", A: Use, D: Target, Doc: "jump to d if R[a] has a value"},

	{Op: ADD, Name: "add", A: Def, B: Use, C: Use, Doc: "R[a] = R[b] + R[c]"},
	{Op: SUB, Name: "sub", A: Def, B: Use, C: Use, Doc: "R[a] = R[b] - R[c]"},
	{Op: MUL, Name: "mul", A: Def, B: Use, C: Use, Doc: "R[a] = R[b] * R[c]"},
	{Op: DIV, Name: "div", A: Def, B: Use, C: Use, Doc: "R[a] = R[b] / R[c]"},
	{Op: MOD, Name: "mod", A: Def, B: Use, C: Use, Doc: "R[a] = R[b] % R[c]"},
	{Op: ADDI, Name: "addi", A: Def, B: Use, D: Imm, Doc: "R[a] = R[b] + d"},
	{Op: SUBI, Name: "subi", A: Def, B: Use, D: Imm, Doc: "R[a] = R[b] - d"},
	{Op: MULI, Name: "muli", A: Def, B: Use, D: Imm, Doc: "R[a] = R[b] * d"},
	{Op: DIVI, Name: "divi", A: Def, B: Use, D: Imm, Doc: "R[a] = R[b] / d"},
	{Op: MODI, Name: "modi", A: Def, B: Use, D: Imm, Doc: "R[a] = R[b] % d"},
	{Op: NEG, Name: "neg", A: Def, B: Use, Doc: "R[a] = -R[b]"},
	{Op: NOT, Name: "not", A: Def, B: Use, Doc: "R[a] = !R[b]"},
	{Op: EQ, Name: "eq", A: Def, B: Use, C: Use, Doc: "R[a] = R[b] == R[c]"},
	{Op: NE, Name: "ne", A: Def, B: Use, C: Use, Doc: "R[a] = R[b] != R[c]"},
	{Op: LT, Name: "lt", A: Def, B: Use, C: Use, Doc: "R[a] = R[b] < R[c]"},
	{Op: LE, Name: "le", A: Def, B: Use, C: Use, Doc: "R[a] = R[b] <= R[c]"},
	{Op: GT, Name: "gt", A: Def, B: Use, C: Use, Doc: "R[a] = R[b] > R[c]"},
	{Op: GE, Name: "ge", A: Def, B: Use, C: Use, Doc: "R[a] = R[b] >= R[c]"},

	{Op: JUMP, Name: "jump", D: Target, Ends: true, Doc: "jump to d"},
	{Op: JTRUE, Name: "jtrue", A: Use, D: Target, Doc: "jump to d unless R[a] is false or null"},
	{Op: JFALSE, Name: "jfalse", A: Use, D: Target, Doc: "jump to d if R[a] is false or null"},
	{Op: JAND, Name: "jand", A: Use, D: Target, Doc: "R[a] has to be a Bool; jump to d if it is false"},
	{Op: JOR, Name: "jor", A: Use, D: Target, Doc: "R[a] has to be a Bool; jump to d if it is true"},
	{Op: BOOLCHECK, Name: "boolcheck", A: Use, C: Flag, Doc: "raise Type unless R[a] is a Bool; c = 0 for \"&&\", 1 for \"||\", for the message"},

	{Op: JEQ, Name: "jeq", A: Use, B: Use, C: Flag, D: Target, Doc: "jump to d if R[a] == R[b] is (c != 0)"},
	{Op: JLT, Name: "jlt", A: Use, B: Use, C: Flag, D: Target, Doc: "jump to d if R[a] < R[b] is (c != 0)"},
	{Op: JLE, Name: "jle", A: Use, B: Use, C: Flag, D: Target, Doc: "jump to d if R[a] <= R[b] is (c != 0)"},
	{Op: JGT, Name: "jgt", A: Use, B: Use, C: Flag, D: Target, Doc: "jump to d if R[a] > R[b] is (c != 0)"},
	{Op: JGE, Name: "jge", A: Use, B: Use, C: Flag, D: Target, Doc: "jump to d if R[a] >= R[b] is (c != 0)"},
	{Op: JEQI, Name: "jeqi", A: Use, B: Small, C: Flag, D: Target, Doc: "jump to d if R[a] == int8(b) is (c != 0)"},
	{Op: JLTI, Name: "jlti", A: Use, B: Small, C: Flag, D: Target, Doc: "jump to d if R[a] < int8(b) is (c != 0)"},
	{Op: JLEI, Name: "jlei", A: Use, B: Small, C: Flag, D: Target, Doc: "jump to d if R[a] <= int8(b) is (c != 0)"},
	{Op: JGTI, Name: "jgti", A: Use, B: Small, C: Flag, D: Target, Doc: "jump to d if R[a] > int8(b) is (c != 0)"},
	{Op: JGEI, Name: "jgei", A: Use, B: Small, C: Flag, D: Target, Doc: "jump to d if R[a] >= int8(b) is (c != 0)"},

	{Op: LIST, Name: "list", A: Def, B: Items, C: Count, Doc: "R[a] = [R[b] … R[b+c-1]]"},
	{Op: EXTEND, Name: "extend", A: UseDef, B: Items, C: Count, Doc: "R[a] = R[a], a List, followed by R[b] … R[b+c-1]"},
	{Op: HASH, Name: "hash", A: Def, B: Pairs, C: Count, Doc: "R[a] = {R[b]: R[b+1], …}, c pairs"},
	{Op: HASHSET, Name: "hashset", A: UseDef, B: Pairs, C: Count, Doc: "R[a] = R[a], a Hash, with c pairs from R[b] on"},

	{Op: CALL, Name: "call", A: Window, B: Count, D: FuncRef, Doc: "R[a] = F[d](b arguments from R[a] on)"},
	{Op: CALLV, Name: "callv", A: WindowV, B: Count, D: NamesRef, Blocks: true, Doc: "R[a] = R[a](b arguments from R[a+1] on), the last named by K[d] if d >= 0"},
	{Op: CALLB, Name: "callb", A: Window, B: Count, D: BuiltinRef, Blocks: true, Doc: "R[a] = B[d](b arguments from R[a] on)"},
	{Op: CALLB1, Name: "callb1", A: Def, B: Use, D: BuiltinRef, Blocks: true, Doc: "R[a] = B[d](R[b])"},
	{Op: CALLB2, Name: "callb2", A: Def, B: Use, C: Use, D: BuiltinRef, Blocks: true, Doc: "R[a] = B[d](R[b], R[c])"},
	{Op: TAILCALL, Name: "tailcall", A: Window, B: Count, D: FuncRef, Ends: true, Doc: "return F[d](b arguments from R[a] on)"},
	{Op: TAILCALLV, Name: "tailcallv", A: WindowV, B: Count, D: NamesRef, Blocks: true, Ends: true, Doc: "return R[a](b arguments from R[a+1] on), the last named by K[d] if d >= 0"},
	{Op: LOOP, Name: "loop", Ends: true, Doc: "a tail call of the running function whose parameters are set already: jump to 0"},
	{Op: RET, Name: "ret", A: Use, Blocks: true, Ends: true, Doc: "return R[a]; from the thread's first function, a future is awaited"},

	{Op: SPAWN, Name: "spawn", A: WindowV, B: Count, D: NamesRef, Doc: "R[a] = the future of R[a](b arguments from R[a+1] on) in a thread of its own; names as callv"},
	{Op: AWAIT, Name: "await", A: Def, B: Use, Blocks: true, Doc: "R[a] = await R[b]"},
}

func (op Op) String() string {
	if op < opCount && Ops[op].Name != "" {
		return Ops[op].Name
	}
	return "illegal"
}

// Valid says whether op is an operation of the table.
func (op Op) Valid() bool { return op > ILLEGAL && op < opCount }
