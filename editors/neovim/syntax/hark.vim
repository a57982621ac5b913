" Highlighting of Hark by patterns, for when there is no tree-sitter parser. The language server adds what needs understanding.
if exists('b:current_syntax')
  finish
endif
let s:saved = &cpoptions
set cpoptions&vim

syntax case match
syntax sync fromstart

syntax match harkName /\<[a-z_][A-Za-z0-9_?.]*/
syntax match harkCall /\<[a-z_][A-Za-z0-9_?.]*\ze\s*(/
syntax match harkType /\<[A-Z][A-Za-z0-9_]*/
syntax match harkSymbol /:[a-z][A-Za-z0-9_]*/
syntax match harkNumber /\<[0-9]\+\%(\.[0-9]*\)\?\%([eE][+-]\?[0-9]\+\)\?/
syntax match harkOperator /[-+*\/%<>=!]\|&&\|||/
syntax match harkDelimiter /[;,]/

syntax keyword harkKeyword lambda
syntax keyword harkKeyword fn nextgroup=harkFunction skipwhite skipempty
syntax match harkFunction /[a-z_][A-Za-z0-9_?.]*/ contained
syntax keyword harkConditional if else
syntax keyword harkThread async await
syntax keyword harkBoolean true false
syntax keyword harkNull null
syntax match harkException /\<try\ze\s*{/
syntax match harkException /}\s*\zscatch\>/
syntax match harkInclude /^\s*\zsimport\ze\s*(/

syntax match harkStringEscape /\\\%([0-7]\{1,3}\|x\x\{2}\|u\x\{4}\|U\x\{8}\|.\|$\)/ contained
syntax region harkString start=/"/ skip=/\\\\\|\\"\|\\$/ end=/"/ end=/$/ contains=harkStringEscape
syntax region harkString start=/'/ skip=/\\\\\|\\'\|\\$/ end=/'/ end=/$/ contains=harkStringEscape

syntax keyword harkCommentNote contained NOTE WARNING
syntax match harkCommentLine /\/\/.*/ contains=harkCommentNote,@Spell
syntax region harkCommentBlock start=/\/\*/ end=/\*\// contains=harkCommentNote,@Spell
syntax region harkCommentDoc start=/\/\*\*\ze[^*\/]/ end=/\*\// contains=@Spell
syntax region harkAttribute matchgroup=harkAttributeBracket start=/#\[/ end=/\]/ contains=harkString,harkNumber,harkAttributeName
syntax match harkAttributeName /\<[a-z_][A-Za-z0-9_?.]*/ contained

highlight default link harkCall Function
highlight default link harkFunction Function
highlight default link harkType Type
highlight default link harkSymbol Constant
highlight default link harkNumber Number
highlight default link harkOperator Operator
highlight default link harkDelimiter Delimiter
highlight default link harkKeyword Keyword
highlight default link harkConditional Conditional
highlight default link harkThread Statement
highlight default link harkBoolean Boolean
highlight default link harkNull Constant
highlight default link harkException Exception
highlight default link harkInclude Include
highlight default link harkString String
highlight default link harkStringEscape SpecialChar
highlight default link harkCommentNote Todo
highlight default link harkCommentLine Comment
highlight default link harkCommentBlock Comment
highlight default link harkCommentDoc SpecialComment
highlight default link harkAttributeBracket PreProc
highlight default link harkAttributeName PreProc

let b:current_syntax = 'hark'
let &cpoptions = s:saved
unlet s:saved
