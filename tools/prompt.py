"""JupyterLab's side of quick widgets: each message to the browser leaves at once."""

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection


class PromptConnection(ZMQChannelsWebsocketConnection):
    """A kernel's connection without Nagle's wait, which holds small messages back for 40 ms.

    `course.py lab` passes it as ServerApp.kernel_websocket_connection_class.
    """

    def connect(self):
        self.websocket_handler.set_nodelay(True)
        return super().connect()
