; What a text looks like without knowing what its names mean. Where two patterns meet, the later one counts.

(identifier) @variable

(line_comment) @comment @spell
(block_comment) @comment @spell
(doc_comment) @comment.documentation @spell

(string) @string
(escape_sequence) @string.escape
(symbol) @string.special.symbol
(integer) @number
(float) @number.float
(boolean) @boolean
(null) @constant.builtin

(type_identifier) @type
((type_identifier) @type.builtin
  (#any-of? @type.builtin "Int" "Float" "Bool" "String" "Symbol" "Null" "Any" "List" "Hash" "Future" "Fn"))

(parameter name: (identifier) @variable.parameter)
(named_argument name: (symbol) @variable.parameter)
(catch_clause name: (identifier) @variable.parameter)

(call function: (identifier) @function.call)
((call function: (identifier) @function.builtin)
  (#any-of? @function.builtin
    "abs" "append" "atomp" "await_all" "conc" "contains" "filter" "first"
    "first_of" "format" "from_json" "future" "get" "hash" "items" "join" "keys" "length" "list" "lower" "map"
    "map_async" "max" "min" "nth" "nullp" "parse_float" "parse_int" "pmap" "print" "range" "reduce" "replace"
    "rest" "retry_call" "reverse" "round" "set" "sid" "signal" "sleep" "sort" "sort_by" "split"
    "str" "tid" "to_json" "trim" "type_of" "upper" "values" "with_timeout" "zip"))
(function_definition name: (identifier) @function)
(assignment name: (identifier) @function value: (lambda))

(import name: (identifier) @function)
(import module: (identifier) @module)
(import alias: (identifier) @function)
(import language: (symbol) @keyword.modifier)

(attribute name: (identifier) @attribute)
(attribute_argument key: (identifier) @property)

["fn" "lambda"] @keyword.function
["if" "else"] @keyword.conditional
["async" "await"] @keyword.coroutine
(try_expression "try" @keyword.exception)
(catch_clause "catch" @keyword.exception)
"import" @keyword.import

["=" "||" "&&" "==" "!=" "<=" ">=" "<" ">" "!" "+" "-" "*" "/" "%" "->"] @operator
(type "?" @operator)
["," ";" ":"] @punctuation.delimiter
["(" ")" "[" "]" "{" "}"] @punctuation.bracket
"#[" @punctuation.special
