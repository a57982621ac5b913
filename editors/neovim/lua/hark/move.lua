-- Moving a file together with the imports that lead to it: the server says what to change, before the file is moved.
local entry = require('hark.entry')
local server = require('hark.server')

local M = {}

---@param client vim.lsp.Client
---@param files { oldUri: string, newUri: string }[]
---@return boolean fine
local function mend_imports(client, files)
  local answer, problem = server.call(client, 'request_sync', 'workspace/willRenameFiles', { files = files }, 10000)
  problem = problem or answer and answer.err and answer.err.message
  if problem then
    vim.notify('hark: ' .. problem, vim.log.levels.ERROR)
    return false
  end
  if answer.result and answer.result ~= vim.NIL then
    vim.lsp.util.apply_workspace_edit(answer.result, client.offset_encoding)
  end
  return true
end

---Moves the file of the current buffer.
---@param target string a path; relative ones from the current folder
function M.file(target)
  local from, to = vim.api.nvim_buf_get_name(0), vim.fn.fnamemodify(target, ':p')
  local client = vim.lsp.get_clients({ bufnr = 0, name = server.name })[1]
  if not client then
    return vim.notify('hark: no language server looks after this file', vim.log.levels.ERROR)
  end
  if vim.uv.fs_stat(to) then
    return vim.notify(('hark: %s exists already'):format(target), vim.log.levels.ERROR)
  end
  local files = { { oldUri = vim.uri_from_fname(from), newUri = vim.uri_from_fname(to) } }
  if not mend_imports(client, files) then
    return
  end
  entry.save() -- so that what is moved is what is seen, and the imports are mended on disk, too
  vim.fn.mkdir(vim.fs.dirname(to), 'p')
  local moved, problem = vim.uv.fs_rename(from, to)
  if not moved then
    return vim.notify('hark: ' .. problem, vim.log.levels.ERROR)
  end
  local old = vim.api.nvim_get_current_buf()
  vim.cmd.edit(vim.fn.fnameescape(to))
  vim.cmd.bdelete({ args = { old }, bang = true }) -- not wiped out: answers may be on their way to it
  server.call(client, 'notify', 'workspace/didRenameFiles', { files = files })
end

return M
