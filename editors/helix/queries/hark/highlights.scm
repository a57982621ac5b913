; Where two patterns meet, the later one counts (Helix 25.07 or newer).

(identifier) @variable

(line_comment) @comment.line
(block_comment) @comment.block
(doc_comment) @comment.block.documentation

(string) @string
(escape_sequence) @constant.character.escape
(symbol) @string.special.symbol
(integer) @constant.numeric.integer
(float) @constant.numeric.float
(boolean) @constant.builtin.boolean
(null) @constant.builtin

(type_identifier) @type
((type_identifier) @type.builtin
  (#any-of? @type.builtin "Int" "Float" "Bool" "String" "Symbol" "Null" "Any" "List" "Hash" "Future" "Fn"))

(parameter name: (identifier) @variable.parameter)
(named_argument name: (symbol) @variable.parameter)
(catch_clause name: (identifier) @variable.parameter)

(call function: (identifier) @function)
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
(import module: (identifier) @namespace)
(import alias: (identifier) @function)
(import language: (symbol) @keyword.storage.modifier)

(attribute name: (identifier) @attribute)
(attribute_argument key: (identifier) @variable.other.member)

["fn" "lambda"] @keyword.function
["if" "else"] @keyword.control.conditional
["async" "await"] @keyword.control
(try_expression "try" @keyword.control.exception)
(catch_clause "catch" @keyword.control.exception)
"import" @keyword.control.import

["=" "||" "&&" "==" "!=" "<=" ">=" "<" ">" "!" "+" "-" "*" "/" "%" "->"] @operator
(type "?" @operator)
["," ";" ":"] @punctuation.delimiter
["(" ")" "[" "]" "{" "}"] @punctuation.bracket
"#[" @punctuation.special
