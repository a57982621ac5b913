package syntax

// Token is a kind of token.
type Token uint8

const (
	EOF Token = iota
	Identifier
	TypeName // a word that begins with an upper-case letter
	Symbol
	Number
	String
	LineComment
	BlockComment
	DocComment

	LParen    // (
	RParen    // )
	LBrace    // {
	RBrace    // }
	LBracket  // [
	RBracket  // ]
	Comma     // ,
	Semicolon // ;
	Colon     // :
	Arrow     // ->
	Question  // ? after a type
	AttrOpen  // #[

	Assigns // =
	OrOr    // ||
	AndAnd  // &&
	Equal   // ==
	NotEq   // !=
	LessEq  // <=
	MoreEq  // >=
	Less    // <
	More    // >
	Not     // !
	Plus    // +
	Minus   // -
	Star    // *
	Slash   // /
	Percent // %

	KwFn
	KwLambda
	KwIf
	KwElse
	KwAsync
	KwAwait
	KwTrue
	KwFalse
	KwNull

	// These are identifiers to the scanner; Scan and the parser's messages know them by their place.
	KwTry    // before "{", outside the condition of an "if"
	KwCatch  // after a try block
	KwImport // at the top level before "("

	tokenKinds // how many kinds there are
)

// spellings has the text of every token that is always written the same way.
var spellings = [tokenKinds]string{
	LParen: "(", RParen: ")", LBrace: "{", RBrace: "}", LBracket: "[", RBracket: "]",
	Comma: ",", Semicolon: ";", Colon: ":", Arrow: "->", Question: "?", AttrOpen: "#[",
	Assigns: "=", OrOr: "||", AndAnd: "&&", Equal: "==", NotEq: "!=", LessEq: "<=", MoreEq: ">=",
	Less: "<", More: ">", Not: "!", Plus: "+", Minus: "-", Star: "*", Slash: "/", Percent: "%",
	KwFn: "fn", KwLambda: "lambda", KwIf: "if", KwElse: "else", KwAsync: "async", KwAwait: "await",
	KwTrue: "true", KwFalse: "false", KwNull: "null", KwTry: "try", KwCatch: "catch", KwImport: "import",
}

var classNames = [tokenKinds]string{
	EOF: "the end of the file", Identifier: "a name", TypeName: "a type", Symbol: "a symbol", Number: "a number",
	String: "a string", LineComment: "a comment", BlockComment: "a comment", DocComment: "a doc comment",
}

// String is the token as it is written, or what kind of thing it is if it can be written in many ways.
func (t Token) String() string {
	if t >= tokenKinds {
		return "no token"
	}
	if s := spellings[t]; s != "" {
		return s
	}
	return classNames[t]
}

// IsKeyword says whether a word can never be a name. "try", "catch" and "import" can.
func IsKeyword(word string) bool { return keyword(word) != Identifier }

func keyword(word string) Token {
	switch word {
	case "fn":
		return KwFn
	case "if":
		return KwIf
	case "else":
		return KwElse
	case "true":
		return KwTrue
	case "null":
		return KwNull
	case "async":
		return KwAsync
	case "await":
		return KwAwait
	case "false":
		return KwFalse
	case "lambda":
		return KwLambda
	}
	return Identifier
}

// Precedence levels, lowest first. A binary operator takes operands of a higher level than its own on the left, and on the
// right too unless it associates to the right.
const (
	levelAsync = iota + 1
	levelAssign
	levelOr
	levelAnd
	levelEqual
	levelLessEq
	levelLess
	levelNot
	levelSum
	levelProduct
	levelAwait
	levelCall
)

// levels has the level of every infix operator, 0 for other tokens.
var levels = [tokenKinds]uint8{
	Assigns: levelAssign, OrOr: levelOr, AndAnd: levelAnd, Equal: levelEqual, NotEq: levelEqual,
	LessEq: levelLessEq, MoreEq: levelLessEq, Less: levelLess, More: levelLess,
	Plus: levelSum, Minus: levelSum, Star: levelProduct, Slash: levelProduct, Percent: levelProduct,
}

// Level is the precedence of an infix operator, 1 the lowest, or 0 if the token is none.
func (t Token) Level() int { return int(levels[t]) }

func rightAssociative(level uint8) bool {
	return level == levelAssign || level == levelLessEq || level == levelLess
}
