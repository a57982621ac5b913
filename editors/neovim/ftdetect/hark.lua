vim.filetype.add({ extension = { hk = 'hark' } })
