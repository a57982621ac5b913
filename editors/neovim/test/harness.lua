-- What the scenarios share: a project on disk, an editor to look at, and waiting for what has to happen.
local t = {}

local api = vim.api
local patience = tonumber(vim.env.PATIENCE or 30000)

vim.g.loaded_python3_provider = 0 -- looking for it takes seconds, in every Python file

---@param line string
function t.say(line)
  io.stdout:write(line, '\n')
end

---What plugins have told the user.
---@type { text: string, level: integer? }[]
t.notified = {}

---@diagnostic disable-next-line: duplicate-set-field
vim.notify = function(text, level)
  table.insert(t.notified, { text = text, level = level })
end

---Waits for a condition: as long as it may take on a busy machine.
---@generic T
---@param what string
---@param condition fun(): T
---@return T
function t.wait(what, condition)
  local result
  local function holds()
    result = condition()
    return result
  end
  if not vim.wait(patience, holds, 10) then
    error('waited in vain for ' .. what, 2)
  end
  return result
end

---@param want any
---@param got any
---@param what? string
function t.equal(want, got, what)
  if not vim.deep_equal(want, got) then
    error(('%s: want %s, got %s'):format(what or 'different', vim.inspect(want), vim.inspect(got)), 2)
  end
end

---@param text string
---@param part string
function t.contains(text, part)
  if not text:find(part, 1, true) then
    error(('%s does not contain %s'):format(vim.inspect(text), vim.inspect(part)), 2)
  end
end

---Writes the files of a project and makes it the current folder.
---@param files table<string, string> text by path
function t.project(files)
  for path, text in pairs(files) do
    local full = vim.fs.joinpath(vim.env.PROJECT, path)
    vim.fn.mkdir(vim.fs.dirname(full), 'p')
    vim.fn.writefile(vim.split(text, '\n'), full, 'b')
  end
  vim.cmd.cd(vim.env.PROJECT)
end

---@return vim.lsp.Client?
function t.client()
  return vim.lsp.get_clients({ bufnr = 0, name = 'hark_ls' })[1]
end

---Opens a file and waits until it is served.
---@param path string
function t.edit(path)
  vim.cmd.edit(vim.fs.joinpath(vim.env.PROJECT, path))
  t.wait('a client', function()
    local client = t.client()
    return client and client.initialized
  end)
end

---Opens a project that is one file.
---@param text string
function t.open(text)
  t.project({ ['main.hk'] = text })
  t.edit('main.hk')
end

---Puts the cursor on the n-th place at which a text occurs in the buffer.
---@param text string
---@param n? integer
function t.to(text, n)
  local left = n or 1
  for row, line in ipairs(api.nvim_buf_get_lines(0, 0, -1, false)) do
    local column = line:find(text, 1, true)
    while column do
      left = left - 1
      if left == 0 then
        return api.nvim_win_set_cursor(0, { row, column - 1 })
      end
      column = line:find(text, column + 1, true)
    end
  end
  error(('the buffer does not contain %s'):format(text), 2)
end

---Where the cursor is: the file's name and what the line has from there on.
---@return string, string
function t.here()
  local column = api.nvim_win_get_cursor(0)[2]
  return vim.fs.basename(api.nvim_buf_get_name(0)), api.nvim_get_current_line():sub(column + 1)
end

---@return string
function t.text()
  return table.concat(api.nvim_buf_get_lines(0, 0, -1, false), '\n')
end

---Waits for the diagnostics to be these, written as "LINE CODE".
---@param want string[]
function t.diagnostics(want)
  local got
  local fine = vim.wait(patience, function()
    got = vim.tbl_map(function(d)
      return ('%d %s'):format(d.lnum + 1, d.code)
    end, vim.diagnostic.get(0))
    table.sort(got)
    return vim.deep_equal(want, got)
  end, 10)
  if not fine then
    error(('diagnostics: want %s, got %s'):format(vim.inspect(want), vim.inspect(got)), 2)
  end
end

---Waits for a floating window and closes it.
---@return string
function t.float()
  local window = t.wait('a floating window', function()
    for _, candidate in ipairs(api.nvim_list_wins()) do
      if api.nvim_win_get_config(candidate).relative ~= '' then
        return candidate
      end
    end
  end)
  local text = table.concat(api.nvim_buf_get_lines(api.nvim_win_get_buf(window), 0, -1, false), '\n')
  api.nvim_win_close(window, true)
  return text
end

---Types in Normal mode.
---@param keys string
function t.keys(keys)
  api.nvim_feedkeys(vim.keycode(keys), 'x', false)
end

---Types in Insert mode, and more when something holds that comes by itself, such as a popup menu. (Nothing may wait in between,
---as the editor would not read its keys.)
---@param keys string
---@param condition fun(): any
---@param more string
function t.insert(keys, condition, more)
  local timer = assert(vim.uv.new_timer())
  local left = patience / 10
  timer:start(
    10,
    10,
    vim.schedule_wrap(function()
      left = left - 1
      if timer:is_active() and (condition() or left == 0) then
        timer:stop()
        api.nvim_feedkeys(vim.keycode(more), 'n', false)
      end
    end)
  )
  api.nvim_feedkeys(vim.keycode(keys), 'xn!', false)
  assert(left > 0, 'waited in vain after ' .. keys)
end

---Asks the server.
---@param method string
---@param params table?
---@return any
function t.request(method, params)
  local client = assert(t.client())
  local full = vim.tbl_extend('force', vim.lsp.util.make_position_params(0, client.offset_encoding), params or {})
  local answer = assert(require('hark.server').call(client, 'request_sync', method, full, patience, 0))
  assert(not answer.err, vim.inspect(answer.err))
  return answer.result
end

---Stops the servers and waits until they are gone.
function t.stop()
  for _, client in ipairs(vim.lsp.get_clients()) do
    require('hark.server').call(client, 'stop')
  end
  t.wait('the end of the servers', function()
    return #vim.lsp.get_clients() == 0
  end)
end

return t
