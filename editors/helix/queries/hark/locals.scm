; A name belongs to the function or lambda in which it is a parameter or assigned.

[(function_definition) (lambda)] @local.scope

(parameter name: (identifier) @local.definition.variable.parameter)
(assignment name: (identifier) @local.definition.variable)

(identifier) @local.reference
