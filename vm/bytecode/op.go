package bytecode

// Instr is one instruction. A, B and C are registers, counts or small immediates, D is an immediate, an index or the index
// of the instruction to jump to, as the operation's row in the table says.
type Instr struct {
	Op      Op
	A, B, C uint8
	D       int32
}

// Op is an operation.
type Op uint8

// The comments and the table below use: R[x] register x, K[d] constant d, F[d] function d, I[d] import d, B[d] builtin d.
// A call's arguments lie in consecutive registers, where the callee's frame begins; its result lands in R[a].
const (
	ILLEGAL Op = iota

	MOVE   // R[a] = R[b]
	CONST  // R[a] = K[d]
	INT    // R[a] = d
	NULL   // R[a] = null
	BOOL   // R[a] = b != 0
	UNSET  // R[a] = no value
	LOADW  // R[a] = R[d]
	STOREW // R[d] = R[a]

	FUNC    // R[a] = F[d]
	FOREIGN // R[a] = I[d]
	BUILTIN // R[a] = B[d]
	CLOSURE // R[a] = F[d] closed over R[b] … ; as many as F[d] has captures
	CAPTURE // R[a] = capture d of the running closure, maybe no value
	SELF    // R[a] = the running closure

	CHECK // raise Name unless R[a] has a value; K[d] is the variable's name
	JSET  // jump to d if R[a] has a value

	ADD // R[a] = R[b] + R[c]
	SUB
	MUL
	DIV
	MOD
	ADDI // R[a] = R[b] + d
	SUBI
	MULI
	DIVI
	MODI
	NEG // R[a] = -R[b]
	NOT // R[a] = !R[b]
	EQ  // R[a] = R[b] == R[c]
	NE
	LT
	LE
	GT
	GE

	JUMP      // jump to d; jumps go forward, only LOOP goes back
	JTRUE     // jump to d unless R[a] is false or null
	JFALSE    // jump to d if R[a] is false or null
	JAND      // R[a] has to be a Bool; jump to d if it is false
	JOR       // R[a] has to be a Bool; jump to d if it is true
	BOOLCHECK // raise Type unless R[a] is a Bool; c = 0 for "&&", 1 for "||", for the message

	JEQ // jump to d if R[a] == R[b] is (c != 0)
	JLT // jump to d if R[a] < R[b] is (c != 0)
	JLE
	JGT // not JLT with operands changed over: a message says what was written
	JGE
	JEQI // jump to d if R[a] == int8(b) is (c != 0)
	JLTI
	JLEI
	JGTI
	JGEI

	LIST    // R[a] = [R[b] … R[b+c-1]]
	EXTEND  // R[a] = R[a] followed by R[b] … R[b+c-1]
	HASH    // R[a] = {R[b]: R[b+1], …}, c pairs
	HASHSET // R[a] = R[a] with c pairs from R[b] on

	CALL      // R[a] = F[d](b arguments from R[a] on)
	CALLV     // R[a] = R[a](b arguments from R[a+1] on), the last named by K[d] if d >= 0
	CALLB     // R[a] = B[d](b arguments from R[a] on)
	CALLB1    // R[a] = B[d](R[b]): builtins of one and of two arguments take them where they are, without moves
	CALLB2    // R[a] = B[d](R[b], R[c])
	TAILCALL  // return F[d](b arguments from R[a] on)
	TAILCALLV // return R[a](b arguments from R[a+1] on), the last named by K[d] if d >= 0
	LOOP      // a tail call of the running function whose parameters are set already: jump to 0
	RET       // return R[a]

	SPAWN // R[a] = the future of R[a](b arguments from R[a+1] on) in a thread of its own; names as CALLV
	AWAIT // R[a] = await R[b]

	opCount
)

// Operand says what an operand means, for listing, assembling and verification.
type Operand uint8

const (
	None       Operand = iota
	Def                // a register that is written
	Use                // a register that is read
	UseDef             // a register that is read, then written
	Window             // the first of the registers of a call's arguments, in number as the operand Count says: the result lands there, what lies above is lost
	WindowV            // the same with the callee in the first register and the arguments behind it
	Items              // the first of as many registers as Count says, which are read
	Pairs              // the first of twice as many registers as Count says, which are read
	Captured           // the first of as many registers as the function has captures, which are read
	Count              // a number of registers or pairs
	Flag               // 0 or 1
	Small              // int8
	Imm                // int32
	Target             // an instruction's index, further on than the instruction itself
	WideUse            // a register's number, beyond 255 too, read
	WideDef            // a register's number, beyond 255 too, written
	ConstRef           // an index into Consts of a kind that is a value
	NameRef            // an index into Consts of kind ConstName
	NamesRef           // an index into Consts of kind ConstNames, or -1
	FuncRef            // an index into Funcs
	ImportRef          // an index into Imports
	BuiltinRef         // an index into Builtins
	CaptureRef         // an index into the function's captures
)
