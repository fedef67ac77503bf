"""The API's actions by name. Each takes the service, the request's context and its parameters."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from labkit.embedded.sqs import move_actions, queue_actions, receive_actions, send_actions
from labkit.embedded.sqs.context import Context

if TYPE_CHECKING:
    from labkit.embedded.sqs.service import Sqs

Action = Callable[["Sqs", Context, dict[str, Any]], dict[str, Any]]

ACTIONS: dict[str, Action] = {
    "AddPermission": queue_actions.add_permission,
    "CancelMessageMoveTask": move_actions.cancel_message_move_task,
    "ChangeMessageVisibility": receive_actions.change_message_visibility,
    "ChangeMessageVisibilityBatch": receive_actions.change_message_visibility_batch,
    "CreateQueue": queue_actions.create_queue,
    "DeleteMessage": receive_actions.delete_message,
    "DeleteMessageBatch": receive_actions.delete_message_batch,
    "DeleteQueue": queue_actions.delete_queue,
    "GetQueueAttributes": queue_actions.get_queue_attributes,
    "GetQueueUrl": queue_actions.get_queue_url,
    "ListDeadLetterSourceQueues": queue_actions.list_dead_letter_source_queues,
    "ListMessageMoveTasks": move_actions.list_message_move_tasks,
    "ListQueueTags": queue_actions.list_queue_tags,
    "ListQueues": queue_actions.list_queues,
    "PurgeQueue": queue_actions.purge_queue,
    "ReceiveMessage": receive_actions.receive_message,
    "RemovePermission": queue_actions.remove_permission,
    "SendMessage": send_actions.send_message,
    "SendMessageBatch": send_actions.send_message_batch,
    "SetQueueAttributes": queue_actions.set_queue_attributes,
    "StartMessageMoveTask": move_actions.start_message_move_task,
    "TagQueue": queue_actions.tag_queue,
    "UntagQueue": queue_actions.untag_queue,
}
