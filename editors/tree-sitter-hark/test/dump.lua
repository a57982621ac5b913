-- Parses every file of the folder $TEXTS by the grammar in $PARSER and writes its tree to the folder $TREES, a node per line: depth, field,
-- kind, first and last offset. The tree of a text in which something does not fit is one word.
vim.treesitter.language.add('hark', { path = vim.env.PARSER })

local function dump(node, depth, field, lines)
  local _, _, first, _, _, last = node:range(true)
  local kind = node:named() and node:type() or ('%q'):format(node:type())
  table.insert(lines, ('%d %s %s %d %d'):format(depth, field or '-', kind, first, last))
  for child, name in node:iter_children() do
    dump(child, depth + 1, name, lines)
  end
end

for name in vim.fs.dir(vim.env.TEXTS) do
  local file = assert(io.open(vim.env.TEXTS .. '/' .. name, 'rb'))
  local text = file:read('*a')
  file:close()
  local root = vim.treesitter.get_string_parser(text, 'hark'):parse(true)[1]:root()
  local lines = { 'broken' }
  if not root:has_error() then
    lines = { 'sound' }
    dump(root, 0, nil, lines)
  end
  local out = assert(io.open(vim.env.TREES .. '/' .. name, 'wb'))
  out:write(table.concat(lines, '\n'), '\n')
  out:close()
end
io.stdout:write('parsed\n')
vim.cmd('qall!')
