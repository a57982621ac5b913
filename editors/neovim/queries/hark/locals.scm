; A name belongs to the function or lambda in which it is a parameter or assigned.

[(source_file) (function_definition) (lambda)] @local.scope

(function_definition name: (identifier) @local.definition.function (#set! definition.function.scope "parent"))
(import name: (identifier) @local.definition.import !alias)
(import alias: (identifier) @local.definition.import)
(parameter name: (identifier) @local.definition.parameter)
(assignment name: (identifier) @local.definition.var)
(catch_clause name: (identifier) @local.definition.var)

(identifier) @local.reference
