"""What the programs ask for; devkit/clients_report.py knows the answers."""

ANSWERS = {"username": "ada", "email": "ada@example.com"}
TEXT_TOOL, COUNT_TOOL = "test_simple_text", "count_records"
COUNTED = {"model": "res.country"}
PROGRESS_TOOL, ASKING_TOOL = "test_tool_with_progress", "test_elicitation"
QUESTION = {"message": "Who are you?"}
RESOURCE, PROMPT = "test://static-text", "test_prompt_with_arguments"
ARGUMENTS = {"arg1": "hello", "arg2": "world"}
