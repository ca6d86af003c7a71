module chaos

go 1.19
