/**
 * The grammar of Hark for tree-sitter. It accepts what the compiler accepts and gives it the same shape; a test compares the two on every
 * source of the repository.
 *
 * Two things depend on where an expression stands, so that its rules exist once for each kind of place:
 *
 * - In a block, an expression that ends with a brace ends there: a "(" or "-" that follows begins the next one, and no ";" is needed
 *   between the two. So the rules tell expressions that end with a brace from those that do not. Within brackets all is one expression.
 * - In the condition of an "if", "try" is a name, as the brace after it is that of the "if".
 *
 * The copies have the same visible names, so that a tree does not show them.
 */

/// <reference types="tree-sitter-cli/dsl" />
// @ts-check

const level = {
  async: 1, or: 3, and: 4, equal: 5, lessEqual: 6, less: 7, not: 8, sum: 9, product: 10,
};

/** Infix operators, with their level and the side to which they associate. */
const infix = [
  [["||"], level.or, prec.left],
  [["&&"], level.and, prec.left],
  [["==", "!="], level.equal, prec.left],
  [["<=", ">="], level.lessEqual, prec.right],
  [["<", ">"], level.less, prec.right],
  [["+"], level.sum, prec.left],
  [["-"], level.sum, prec.left],
  [["*", "/", "%"], level.product, prec.left],
];

const keywords = ["fn", "lambda", "if", "else", "async", "await", "true", "false", "null"];

/** A list with commas, of which one may stand at the end. */
const commas1 = (rule) => seq(rule, repeat(seq(",", rule)), optional(","));
const commas = (rule) => optional(commas1(rule));

/** A place is where an expression stands: in brackets or a block, in a condition or not. */
const places = [
  { name: "block", inBlock: true, condition: "block_condition", tries: true },
  { name: "block_condition", inBlock: true, condition: "block_condition", tries: false },
  { name: "bracket", inBlock: false, condition: "bracket_condition", tries: true },
  { name: "bracket_condition", inBlock: false, condition: "bracket_condition", tries: false },
];

/** What an expression ends with: in a block there are two kinds of them, in brackets it does not matter. */
const endings = (place) => (place.inBlock ? ["open", "braced"] : ["any"]);

/** The rule for a kind of expression at a place: rule("binary", place, "open") is called _binary_in_block_open. */
const named = (kind, place, ending) => `_${kind}_in_${place.name ?? place}_${ending}`;

/** Any expression with operators but without "=" at a place. */
const operandsOf = ($, place) => endings(place).map((ending) => $[named("operand", place, ending)]);
const operand = ($, place) => choice(...operandsOf($, place));

/** Any expression at a place. */
const expression = ($, place) =>
  choice(...endings(place).map((ending) => $[named("expression", place, ending)]));

const bracket = places[2];
const conditionOf = (place) => places.find((p) => p.name === place.condition);

/** The rules for expressions at one place that have one ending. */
function expressionRules(place, ending) {
  const rule = (kind) => named(kind, place, ending);
  const braced = ending !== "open";
  const open = ending !== "braced";
  const binary = ($, [operators, lvl, side]) => {
    const left = operators[0] === "-" && place.inBlock ? $[named("operand", place, "open")] : operand($, place);
    return side(lvl, seq(
      field("left", left),
      field("operator", operators.length > 1 ? choice(...operators) : operators[0]),
      field("right", $[rule("operand")]),
    ));
  };
  return {
    [rule("expression")]: ($) => choice(
      $[rule("operand")],
      alias($[rule("assignment")], $.assignment),
    ),
    [rule("assignment")]: ($) => seq(
      field("name", $._name_use), "=", field("value", $[rule("expression")]),
    ),
    [rule("operand")]: ($) => choice(
      $[rule("primary")],
      alias($[rule("unary")], $.unary_expression),
      alias($[rule("binary")], $.binary_expression),
      alias($[rule("await")], $.await_expression),
      alias($[rule("async")], $.async_expression),
    ),
    [rule("binary")]: ($) => choice(...infix.map((row) => binary($, row))),
    [rule("unary")]: ($) => choice(
      prec.left(level.not, seq(field("operator", "!"), field("operand", $[rule("operand")]))),
      prec.left(level.sum, seq(field("operator", "-"), field("operand", $[rule("operand")]))),
    ),
    [rule("async")]: ($) => prec(level.async, seq("async", field("operand", $[rule("operand")]))),
    // Directly after "await", "async" takes the call only.
    [rule("await")]: ($) => seq("await", field("operand", choice(
      $[rule("primary")],
      alias($[rule("unary")], $.unary_expression),
      alias($[rule("await")], $.await_expression),
      alias($[rule("async_call")], $.async_expression),
    ))),
    [rule("async_call")]: ($) => seq("async", field("operand", $[rule("primary")])),
    [rule("primary")]: ($) => choice(
      ...(open ? [$._atom, alias($[rule("call")], $.call), ...(place.tries ? [alias($._try_name, $.identifier)] : [alias("try", $.identifier)])] : []),
      ...(braced ? [$.hash, $.lambda, alias($[named("if", place, "any")], $.if_expression), ...(place.tries ? [$.try_expression] : [])] : []),
    ),
    ...(open && {
      [rule("call")]: ($) => seq(field("function", $[rule("primary")]), field("arguments", $.argument_list)),
    }),
    ...(ending !== "open" && {
      [named("if", place, "any")]: ($) => prec.right(seq(
        "if", field("condition", expression($, conditionOf(place))),
        field("consequence", $.block),
        repeat(field("alternative", alias($[named("else_if", place, "any")], $.else_if_clause))),
        optional(field("alternative", $.else_clause)),
      )),
      [named("else_if", place, "any")]: ($) => seq(
        "else", "if", field("condition", expression($, conditionOf(place))),
        field("consequence", $.block),
      ),
    }),
  };
}

const expressions = Object.assign({},
  ...places.flatMap((place) => endings(place).map((ending) => expressionRules(place, ending))));

const inBlock = (ending) => named("expression", "block", ending);

module.exports = grammar({
  name: "hark",

  extras: ($) => [/[ \t\r\n]/, $.line_comment, $.block_comment, $.doc_comment],

  word: ($) => $.identifier,

  rules: {
    source_file: ($) => repeat(choice($.function_definition, $.import, ";")),

    function_definition: ($) => seq(
      repeat($.attribute_list),
      "fn",
      field("name", $._name),
      field("parameters", $.parameter_list),
      optional(seq("->", field("result", $.type))),
      field("body", $.block),
    ),

    import: ($) => seq(
      repeat($.attribute_list),
      "import", "(",
      field("name", $._import_name), ",",
      choice(
        seq(
          optional(field("language", alias(":python", $.symbol))), field("module", $._import_name),
          ",", field("count", $.integer),
          optional(seq(",", optional(alias(":as", $.symbol)), field("alias", $._name))),
        ),
        seq(
          field("language", alias(":hark", $.symbol)), field("module", $._import_name),
          optional(seq(",", alias(":as", $.symbol), field("alias", $._name))),
        ),
        seq($.symbol, $._nothing), // no other word may begin like those three
      ),
      optional(","), ")",
    ),
    _import_name: ($) => choice($._name, $.string),

    attribute_list: ($) => seq("#[", commas1($.attribute), "]"),
    attribute: ($) => seq(field("name", $._name), optional(field("arguments", $.attribute_arguments))),
    attribute_arguments: ($) => seq("(", commas($.attribute_argument), ")"),
    attribute_argument: ($) => seq(optional(seq(field("key", $._name_use), "=")), field("value", operand($, bracket))),

    parameter_list: ($) => seq("(", commas($.parameter), ")"),
    parameter: ($) => seq(field("name", $._name), optional(seq(":", field("type", $.type)))),

    type: ($) => seq(
      field("name", $.type_identifier),
      optional(seq("[", commas1(field("argument", $.type)), "]")),
      optional("?"),
    ),

    block: ($) => seq("{", choice($._statements, seq(optional(choice($._semicolons, $._statements)), $[inBlock("open")])), "}"),
    // One expression or more, after which another may begin.
    _statements: ($) => choice(
      seq(optional(choice($._semicolons, $._statements)), $[inBlock("open")], ";"),
      seq(optional(choice($._semicolons, $._statements)), $[inBlock("braced")]),
      seq($._statements, ";"),
    ),
    _semicolons: () => repeat1(";"),

    ...expressions,

    _atom: ($) => choice(
      $.identifier, $.integer, $.float, $.string, $.symbol, $.boolean, $.null, $.list, $.parenthesized_expression,
      seq(choice("else", "fn"), $._nothing),
    ),

    argument_list: ($) => seq("(", commas(choice(expression($, bracket), $.named_argument)), ")"),
    named_argument: ($) => prec(1, seq(field("name", $.symbol), field("value", expression($, bracket)))),

    parenthesized_expression: ($) => seq("(", expression($, bracket), ")"),
    list: ($) => seq("[", commas(expression($, bracket)), "]"),
    hash: ($) => seq("{", commas($.pair), "}"),
    pair: ($) => seq(field("key", expression($, bracket)), ":", field("value", expression($, bracket))),

    lambda: ($) => seq("lambda", field("parameters", $.parameter_list), field("body", $.block)),
    else_clause: ($) => seq("else", $.block),
    try_expression: ($) => seq("try", field("body", $.block), field("handler", $.catch_clause)),
    catch_clause: ($) => seq("catch", field("name", $._name), field("body", $.block)),
    _try_name: () => "try",

    // Where a name is defined, a keyword is a mistake. It is one for the tree, too, as what would have to follow it is no character.
    _name: ($) => choice($.identifier, alias("try", $.identifier), seq(choice(...keywords), $._nothing)),
    _name_use: ($) => choice($.identifier, alias("try", $.identifier)),
    _nothing: () => "\u{10FFFF}",

    identifier: () => /[a-z_][A-Za-z0-9_?.]*/,
    type_identifier: () => /[A-Z][A-Za-z0-9_]*/,
    symbol: () => /:[a-z][A-Za-z0-9_]*/,
    integer: () => /0|[1-9][0-9]*/,
    float: () => /[0-9]+(\.[0-9]*([eE][+-]?[0-9]+)?|[eE][+-]?[0-9]+)/,
    boolean: () => choice("true", "false"),
    null: () => "null",

    string: ($) => choice(
      seq('"', repeat(choice(alias($._double_content, $.string_content), $.escape_sequence)), token.immediate('"')),
      seq("'", repeat(choice(alias($._single_content, $.string_content), $.escape_sequence)), token.immediate("'")),
    ),
    _double_content: () => token.immediate(prec(1, /[^"\\\n]+/)),
    _single_content: () => token.immediate(prec(1, /[^'\\\n]+/)),
    escape_sequence: () => token.immediate(prec(1, /\\(\r\n|\n|[0-7]{1,3}|x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)/)),

    line_comment: () => token(/\/\/[^\r\n]*/),
    block_comment: () => token(/\/\*[^*]*\*+([^\/*][^*]*\*+)*\//),
    doc_comment: () => token(prec(1, /\/\*\*[^*\/][^*]*\*+([^\/*][^*]*\*+)*\//)),
  },
});
