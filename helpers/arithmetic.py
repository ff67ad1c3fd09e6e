"""Convolution and pooling as plain loops, to be read with a finger; nothing here is fast."""

from numbers import Integral

import torch


def output_size(n, kernel, stride=1, padding=0, dilation=1):
    """Count the places where a kernel fits: floor((n + 2p - d(k - 1) - 1) / s) + 1.

    All arguments are whole numbers of pixels along one axis. ValueError if the
    kernel does not fit into the padded input. Source: Dumoulin & Visin (2016),
    relationships 6 and 15.
    """
    _check_integers(n=n, kernel=kernel, stride=stride, padding=padding, dilation=dilation)
    reach = dilation * (kernel - 1) + 1
    room = n + 2 * padding - reach
    if room < 0:
        raise ValueError(
            f"A kernel that reaches over {reach} pixels does not fit into {n} pixels with "
            f"{padding} pixels of padding per side ({n + 2 * padding} in all). Use a smaller "
            "kernel or dilation, or more padding."
        )
    return int(room // stride) + 1


def pad2d(image, padding, value=0):
    """Surround an image with `padding` rings of `value`: (H, W) -> (H + 2p, W + 2p)."""
    _check_tensor("image", image, 2, "(H, W)")
    _check_integers(padding=padding)
    _check_number("value", value, image)
    height, width = image.shape
    padded = torch.full(
        (height + 2 * padding, width + 2 * padding), value, dtype=image.dtype, device=image.device
    )
    padded[padding : padding + height, padding : padding + width] = image
    return padded


def conv2d(image, kernel, stride=1, padding=0, bias=0):
    """Slide a kernel over an image: (H, W), (kH, kW) -> (H', W').

    What deep learning calls convolution: the kernel is not flipped. H' and W' follow
    `output_size`; padded pixels are zero; `bias` is added once to every output number.
    Image, kernel and output have one dtype, float or int64. ValueError for another
    dtype, a wrong number of axes, stride 0, negative padding or a kernel that does not fit.
    """
    _check_tensor("image", image, 2, "(H, W)")
    _check_tensor("kernel", kernel, 2, "(kH, kW)")
    _check_dtypes(image=image, kernel=kernel)
    _check_number("bias", bias, image)
    rows = output_size(image.shape[0], kernel.shape[0], stride, padding)
    columns = output_size(image.shape[1], kernel.shape[1], stride, padding)
    padded = pad2d(image, padding)
    output = torch.zeros(rows, columns, dtype=image.dtype, device=image.device)
    for row in range(rows):
        for column in range(columns):
            total = bias
            for i in range(kernel.shape[0]):
                for j in range(kernel.shape[1]):
                    total = total + padded[row * stride + i, column * stride + j] * kernel[i, j]
            output[row, column] = total
    return output


def conv2d_nchw(x, weight, bias=None, stride=1, padding=0):
    """Convolve a batch: (N, C_in, H, W), (C_out, C_in, kH, kW) -> (N, C_out, H', W').

    One output channel is the sum of `conv2d` over the input channels, plus its bias
    (C_out,). Same result as torch.nn.functional.conv2d. ValueError as `conv2d`, and
    where channel counts do not agree.
    """
    _check_tensor("x", x, 4, "(N, C_in, H, W)")
    _check_tensor("weight", weight, 4, "(C_out, C_in, kH, kW)")
    if x.shape[1] != weight.shape[1]:
        raise ValueError(
            f"x has {x.shape[1]} channels, but weight {tuple(weight.shape)} reads "
            f"{weight.shape[1]}. Axis 1 of both must be C_in."
        )
    _check_dtypes(x=x, weight=weight)
    if bias is not None:
        _check_tensor("bias", bias, 1, "(C_out,)")
        _check_dtypes(x=x, bias=bias)
        if len(bias) != len(weight):
            raise ValueError(
                f"bias has shape {tuple(bias.shape)}; give one number per output channel: "
                f"({len(weight)},)."
            )
    samples = []
    for sample in x:
        channels = []
        for c_out in range(weight.shape[0]):
            channel = 0 if bias is None else bias[c_out]
            for c_in in range(weight.shape[1]):
                channel = channel + conv2d(sample[c_in], weight[c_out, c_in], stride, padding)
            channels.append(channel)
        samples.append(torch.stack(channels))
    return torch.stack(samples)


def max_pool2d(image, kernel, stride=None, padding=0):
    """Keep the largest number of every window: (H, W) -> (H', W').

    `stride` defaults to `kernel`; padded pixels are -inf and never win. ValueError as
    `conv2d`, and where padding is more than half the kernel, which torch refuses, too.
    """
    padded, rows, columns, stride = _windows(image, kernel, stride, padding, float("-inf"))
    output = torch.zeros(rows, columns, dtype=image.dtype, device=image.device)
    for row in range(rows):
        for column in range(columns):
            largest = padded[row * stride, column * stride]
            for i in range(kernel):
                for j in range(kernel):
                    largest = torch.maximum(largest, padded[row * stride + i, column * stride + j])
            output[row, column] = largest
    return output


def avg_pool2d(image, kernel, stride=None, padding=0, count_include_pad=True):
    """Average every window: (H, W) -> (H', W').

    `stride` defaults to `kernel`. Padded pixels are zero; they count in the divisor
    unless `count_include_pad` is False. ValueError as `max_pool2d`.
    """
    padded, rows, columns, stride = _windows(image, kernel, stride, padding, 0)
    real = pad2d(torch.ones_like(image), padding)
    output = torch.zeros(rows, columns, dtype=image.dtype, device=image.device)
    for row in range(rows):
        for column in range(columns):
            total, count = 0, 0
            for i in range(kernel):
                for j in range(kernel):
                    total = total + padded[row * stride + i, column * stride + j]
                    count = count + real[row * stride + i, column * stride + j]
            output[row, column] = total / (kernel * kernel if count_include_pad else count)
    return output


def _windows(image, kernel, stride, padding, value):
    """Check a pooling call; return the padded image, the output size and the stride."""
    _check_tensor("image", image, 2, "(H, W)")
    if not image.is_floating_point():
        raise ValueError(f"image holds {image.dtype}; pooling needs floats. Use image.float().")
    stride = kernel if stride is None else stride
    rows = output_size(image.shape[0], kernel, stride, padding)
    columns = output_size(image.shape[1], kernel, stride, padding)
    if 2 * padding > kernel:
        raise ValueError(
            f"padding {padding} is more than half of kernel {kernel}, which pooling does not "
            f"take. Use at most {kernel // 2}."
        )
    return pad2d(image, padding, value), rows, columns, stride


def _check_tensor(name, tensor, axes, shape):
    if not isinstance(tensor, torch.Tensor):
        raise TypeError(
            f"{name} is a {type(tensor).__name__}; give a torch.Tensor of shape {shape}, "
            f"for example torch.tensor(...)."
        )
    if tensor.dim() != axes:
        raise ValueError(
            f"{name} has shape {tuple(tensor.shape)}, which is {tensor.dim()} axes; "
            f"{axes} are needed: {shape}."
        )
    if 0 in tensor.shape:
        raise ValueError(f"{name} is empty: it has shape {tuple(tensor.shape)}.")


def _check_dtypes(**tensors):
    """One dtype for all, and none that overflows silently as uint8 does."""
    (first, one), (second, other) = tensors.items()
    if one.dtype != other.dtype:
        raise ValueError(
            f"{first} holds {one.dtype} and {second} holds {other.dtype}; give both the same "
            "dtype, for example with .float()."
        )
    if not one.is_floating_point() and one.dtype != torch.int64:
        raise ValueError(f"{first} holds {one.dtype}; use {first}.float().")


def _check_number(name, number, image):
    if torch.result_type(image, number).is_floating_point and not image.is_floating_point():
        raise ValueError(
            f"{name} is {number}, but image holds {image.dtype}: the fraction would be lost. "
            "Use image.float()."
        )


def _check_integers(**numbers):
    """Whole numbers only (NumPy's too): padding may be 0, everything else is at least 1."""
    for name, number in numbers.items():
        lowest = 0 if name == "padding" else 1
        if isinstance(number, bool) or not isinstance(number, Integral):
            raise TypeError(f"{name} is {number!r}; give a whole number (int).")
        if number < lowest:
            raise ValueError(f"{name} is {number}; it must be at least {lowest}.")
