package syntax

// Token is a kind of token.
type Token uint8

const (
	Illegal Token = iota
	EOF
	Identifier
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
	KwTry    // only before "{", decided by the parser
	KwCatch  // only after a try block, decided by the parser
	KwImport // only at the top level before "(", decided by the parser
)
