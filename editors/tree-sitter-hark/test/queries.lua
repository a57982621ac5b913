-- Checks the queries of the folder $QUERIES and writes what they capture in the text $SAMPLE: a line per piece of text, with the name of the
-- last capture in the order of the query, as that is the one that counts.
vim.treesitter.language.add('hark', { path = vim.env.PARSER })

local function read(path)
  local file = assert(io.open(path, 'rb'))
  local text = file:read('*a')
  file:close()
  return text
end

local text = read(vim.env.SAMPLE)
local root = vim.treesitter.get_string_parser(text, 'hark'):parse(true)[1]:root()

---@param name string
---@return string[]
local function captures(name)
  local query = vim.treesitter.query.parse('hark', read(vim.env.QUERIES .. '/' .. name))
  local pieces, order = {}, {}
  for id, node in query:iter_captures(root, text) do
    local row, column, first, end_row, _, last = node:range(true)
    local capture = query.captures[id]
    local key = ('%d:%d-%d'):format(row + 1, column, last - first)
    if row ~= end_row then
      key = ('%d to %d'):format(row + 1, end_row + 1)
    end
    if not pieces[key] then
      table.insert(order, key)
      pieces[key] = {}
    end
    local piece = pieces[key]
    piece.text = row == end_row and text:sub(first + 1, last) or '…'
    if capture ~= 'spell' then
      piece.capture = capture
    end
  end
  return vim.tbl_map(function(key)
    return ('%s %s @%s'):format(key, pieces[key].text, pieces[key].capture)
  end, order)
end

for name in vim.fs.dir(vim.env.QUERIES) do
  io.stdout:write('== ', name, '\n', table.concat(captures(name), '\n'), '\n')
end
vim.cmd('qall!')
