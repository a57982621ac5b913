-- A window with lines that something can be done with.
local M = {}

---@class hark.Row
---@field text string
---@field of? any what the line stands for

---@class hark.List
---@field name string of the buffer
---@field rows hark.Row[]
---@field keys table<string, fun(of: any)> what a key does with the line that the cursor is in
---@field reload? fun() what R does

---Shows a list in the window that it has already, else in a new one below.
---@param list hark.List
---@return integer buffer
function M.show(list)
  local buffer = vim.fn.bufadd(list.name)
  local window = vim.fn.bufwinid(buffer)
  if window == -1 then
    vim.cmd('botright 12new')
    vim.api.nvim_win_set_buf(0, buffer)
  else
    vim.api.nvim_set_current_win(window)
  end
  local options = vim.bo[buffer]
  options.buftype, options.bufhidden, options.swapfile, options.buflisted = 'nofile', 'hide', false, false
  options.modifiable = true
  vim.api.nvim_buf_set_lines(
    buffer,
    0,
    -1,
    false,
    vim.tbl_map(function(row)
      return (row.text:gsub('\n.*', ''))
    end, list.rows)
  )
  options.modifiable = false
  for key, act in pairs(list.keys) do
    vim.keymap.set('n', key, function()
      local row = list.rows[vim.api.nvim_win_get_cursor(0)[1]]
      if row and row.of then
        act(row.of)
      end
    end, { buffer = buffer, nowait = true })
  end
  if list.reload then
    vim.keymap.set('n', 'R', list.reload, { buffer = buffer, nowait = true })
  end
  vim.keymap.set('n', 'q', '<cmd>close<cr>', { buffer = buffer, nowait = true })
  return buffer
end

---Puts the cursor of a list into a line.
---@param buffer integer
---@param line integer
function M.at(buffer, line)
  local window = vim.fn.bufwinid(buffer)
  if window ~= -1 then
    vim.api.nvim_win_set_cursor(window, { line, 0 })
  end
end

return M
