"""Fire drill: plays the cause of each alert of template.yml against `fcapi serve`, and shows what an operator sees."""
