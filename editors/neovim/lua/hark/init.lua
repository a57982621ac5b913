-- Hark in Neovim. Nothing has to be called: the server starts with the first Hark file. See :help hark.
local M = {}

---Sets options; what was running before takes them over at :HarkRestart.
---@param options? hark.Options
function M.setup(options)
  require('hark.config').given = options or {}
  if vim.g.loaded_hark then
    require('hark.attach').enable()
  end
end

return M
