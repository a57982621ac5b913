-- What the debugged session has printed, each line with the instant that printed it.
local list = require('hark.list')
local travel = require('hark.travel')

local M = {}

---@type table<integer|string, hark.Row[]> lines by the debugger's session
local lines = setmetatable({}, { __mode = 'k' })

---Keeps what is printed from now on.
---@param dap table nvim-dap
function M.listen(dap)
  dap.listeners.before.event_output.hark = function(session, body)
    local printed = body.category == 'stdout' or body.category == 'stderr'
    if session.config.type == 'hark' and printed then
      lines[session] = lines[session] or {}
      local data = type(body.data) == 'table' and body.data or {}
      local text = (body.output:gsub('\n$', ''))
      table.insert(lines[session], { text = text, of = data.instant })
    end
  end
end

---Shows the lines; Enter goes to the instant that printed one.
function M.show()
  local session = travel.session()
  if session then
    list.show({ name = 'hark://output', rows = lines[session] or {}, keys = { ['<CR>'] = travel.go }, reload = M.show })
  end
end

return M
