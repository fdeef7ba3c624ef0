namespace EchoRate.Tests.Core;

public sealed class DeviceMemoryWordsTests
{
    [Theory]
    [InlineData("llama_model_load: error loading model: unable to allocate Vulkan0 buffer")]
    [InlineData("ggml_gallocr_reserve_n_impl: failed to allocate CUDA0 buffer of size 4437114880")]
    [InlineData(
        "ggml_backend_cuda_buffer_type_alloc_buffer: allocating 9000.00 MiB on device 0: cudaMalloc failed: out of memory"
    )]
    [InlineData("CUDA error: out of memory")]
    [InlineData("ggml_vulkan: vk::Device::allocateMemory: ErrorOutOfDeviceMemory")]
    [InlineData("ggml_vulkan: Device memory allocation of size 2147483648 failed.")]
    [InlineData(
        "error: Insufficient Memory (00000008:kIOGPUCommandBufferCallbackErrorOutOfMemory)"
    )]
    public void A_device_without_memory_is_understood(string line) =>
        Assert.True(DeviceMemoryWords.Say(line));

    [Theory]
    [InlineData("llama_model_load: error loading model: unable to allocate CPU buffer")]
    [InlineData("ggml_gallocr_reserve_n_impl: failed to allocate CUDA_Host buffer of size 100")]
    [InlineData("alloc_tensor_range: failed to allocate CPU_REPACK buffer of size 100")]
    [InlineData("llama_model_load: error loading model: missing tensor 'output.weight'")]
    [InlineData("load_tensors:      Vulkan0 model buffer size =     1.00 MiB")]
    [InlineData(
        "ggml_vulkan: Failed to allocate pinned memory (vk::Device::allocateMemory: ErrorOutOfDeviceMemory)"
    )]
    [InlineData("")]
    public void Memory_of_the_host_and_other_trouble_is_something_else(string line) =>
        Assert.False(DeviceMemoryWords.Say(line));
}
