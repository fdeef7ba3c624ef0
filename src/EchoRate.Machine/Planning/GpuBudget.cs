using EchoRate.Core.Engine;

namespace EchoRate.Machine.Planning;

/// <summary>A GPU and what may be used of it.</summary>
/// <param name="Device">The GPU.</param>
/// <param name="FreeBytes">Its memory that is free; where the driver does not say, the machine's.</param>
/// <param name="TotalBytes">Its memory in all.</param>
/// <param name="OverheadBytes">What the driver itself takes as soon as the GPU is used.</param>
/// <param name="Bytes">What a plan may fill, the driver's part included: what is free, without the margin.</param>
internal sealed record GpuBudget(
    DeviceFacts Device,
    long FreeBytes,
    long TotalBytes,
    long OverheadBytes,
    long Bytes
)
{
    // A CUDA context with cuBLAS and its kernels takes 0.3 to 0.5 GiB.
    private const long CudaContextBytes = 410L << 20;

    /// <summary>The GPUs that a plan may use, in the engine's order.</summary>
    public static IReadOnlyList<GpuBudget> Of(PlanInput input)
    {
        var gpus = Chosen(input);
        return
        [
            .. gpus.Select(device =>
            {
                // A backend that knows nothing of its memory uses the host's (as llama.cpp takes it, llama-model.cpp).
                var isSilent = device is { FreeBytes: 0, TotalBytes: 0 };
                var hostFree = input.Host.AvailableBytes ?? input.Host.TotalBytes;
                var total = isSilent ? input.Host.TotalBytes : device.TotalBytes;
                var free =
                    isSilent ? hostFree
                    : SharesHostMemory(device) ? Math.Min(device.FreeBytes, hostFree)
                    : device.FreeBytes;
                return new GpuBudget(
                    device,
                    free,
                    total,
                    device.Backend == "cuda" ? CudaContextBytes : 0,
                    Math.Max(0, free - input.Wishes.MarginBytes)
                );
            }),
        ];
    }

    /// <summary>Whether a GPU has no memory of its own: integrated ones, and Apple's.</summary>
    public static bool SharesHostMemory(DeviceFacts device) =>
        device.Kind == DeviceKind.IntegratedGpu || device.Backend == "metal";

    // As llama.cpp chooses: integrated GPUs only where there is no other. Of several backends the first alone: they may show the same card.
    private static List<DeviceFacts> Chosen(PlanInput input)
    {
        var (wishes, gpus) = (input.Wishes, input.Devices.Where(device => device.IsGpu).ToList());
        if (wishes.Devices is { } names)
        {
            gpus = gpus.FindAll(device => names.Contains(device.Name));
        }
        else
        {
            var own = gpus.FindAll(device => device.Kind == DeviceKind.Gpu);
            gpus = own.Count > 0 ? own : gpus;
            gpus = gpus.FindAll(device => device.Backend == gpus[0].Backend);
        }
        return wishes.MainGpu is { } main ? gpus.Skip(main).Take(1).ToList() : gpus;
    }
}
