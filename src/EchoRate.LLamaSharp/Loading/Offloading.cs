using EchoRate.Core.Engine;
using EchoRate.LLamaSharp.Interop;
using EchoRate.LLamaSharp.Libraries;
using LLama.Native;

namespace EchoRate.LLamaSharp.Loading;

/// <summary>
/// What of a model goes to which device, as llama.cpp takes it: its arrays live until the model is loaded (llama.cpp copies the split and reads
/// the others while it loads).
/// </summary>
internal sealed unsafe class Offloading : IDisposable
{
    private readonly Pinned _pinned = new();
    private readonly nint* _devices;
    private readonly float* _split;
    private readonly LLamaModelTensorBufferOverride* _experts;
    private readonly int _layers;
    private readonly bool _isExact;
    private readonly int? _mainGpu;

    /// <summary>Looks for the devices and lays the arrays out.</summary>
    internal Offloading(string path, LoadOptions options)
    {
        var gpus = options.GpuLayers == 0 ? [] : Chosen(path, options.Devices);
        _layers = gpus is { Count: 0 } ? 0 : options.GpuLayers;
        _isExact = options.IsExact;
        UsesGpu = _layers != 0;
        if (UsesGpu)
        {
            _mainGpu = options.MainGpu;
            _split = Split(path, options.TensorSplit);
            _experts = ExpertsOnCpu(options.CpuExpertLayers);
        }
        if (gpus is not null)
        {
            // A list that is empty but for its end means "no device at all": without it a GPU would still be opened, given memory,
            // and handed the large matrix products.
            _devices = (nint*)_pinned.Of((nint[])[.. gpus, 0]);
        }
    }

    /// <summary>Whether a GPU takes part.</summary>
    internal bool UsesGpu { get; }

    /// <summary>Writes it into a model's parameters.</summary>
    internal void Fill(ref LLamaModelParams parameters)
    {
        parameters.n_gpu_layers = _layers;

        // Weights that were packed anew for the CPU's kernels never reach another backend.
        parameters.use_extra_bufts = !_isExact;
        parameters.devices = _devices;
        parameters.tensor_split = _split;
        parameters.tensor_buft_overrides = _experts;
        if (_mainGpu is { } main)
        {
            parameters.split_mode = GPUSplitMode.None;
            parameters.main_gpu = main;
        }
    }

    public void Dispose() => _pinned.Dispose();

    // Null for llama.cpp's own choice: every GPU, integrated ones where there is no other.
    private static List<nint>? Chosen(string path, IReadOnlyList<string>? names)
    {
        if (names is null)
        {
            return null;
        }
        var devices = DeviceList.Handles();
        var chosen = new List<nint>();
        foreach (var name in names)
        {
            var (found, kind, handle) = devices.FirstOrDefault(device => device.Name == name);
            if (found is null)
            {
                throw new EngineException(
                    $"cannot load {path}: there is no device '{name}'; there are: {string.Join(", ", devices.Select(device => device.Name))}"
                );
            }
            // The CPU takes part anyway.
            if (kind is DeviceKind.Gpu or DeviceKind.IntegratedGpu)
            {
                chosen.Add(handle);
            }
        }
        return chosen;
    }

    // llama.cpp copies as many numbers as it knows devices, whatever there are.
    private float* Split(string path, IReadOnlyList<float>? parts)
    {
        if (parts is null)
        {
            return null;
        }
        var most = (int)NativeApi.llama_max_devices();
        if (
            parts.Count > most
            || parts.Any(part => !(part >= 0 && float.IsFinite(part)))
            || parts.Sum() <= 0
        )
        {
            throw new EngineException(
                $"cannot load {path}: the parts of the devices are 1 to {most} numbers, 0 or more, not all 0; given: {string.Join(", ", parts)}"
            );
        }
        return (float*)_pinned.Of((float[])[.. parts, .. new float[most - parts.Count]]);
    }

    // As llama.cpp's --n-cpu-moe: the first layers, by their names.
    private LLamaModelTensorBufferOverride* ExpertsOnCpu(int layers)
    {
        if (layers == 0)
        {
            return null;
        }
        var blocks = string.Join('|', Enumerable.Range(0, layers));
        var overrides = new LLamaModelTensorBufferOverride[2];
        overrides[0].Pattern = _pinned.Text(
            $@"blk\.({blocks})\.ffn_(up|down|gate|gate_up)_(ch|)exps"
        );
        overrides[0].BufferType = Ggml.ggml_backend_cpu_buffer_type();
        return (LLamaModelTensorBufferOverride*)_pinned.Of(overrides);
    }
}
