using System.Runtime.InteropServices;
using EchoRate.Core.Engine;
using EchoRate.Core.LlamaCpp;
using EchoRate.LLamaSharp.Interop;

namespace EchoRate.LLamaSharp.Libraries;

/// <summary>
/// Loads the library of a GPU backend into LLamaSharp's own ggml. ggml's check (an API version) lets releases through whose structs differ
/// (ggml-backend-impl.h of llama.cpp b10361 against v0.4.0: <c>graph_optimize</c> takes one argument more, device capabilities have one field
/// more), so what can be compared is compared here, before anything is computed.
/// </summary>
internal static unsafe class GgmlPlugin
{
    // struct ggml_backend_dev_props: name, description, two sizes and the type (40 bytes, padded), the device's id (8), four capabilities of one byte.
    private const int PropertiesBytes = 52;
    private const byte Untouched = 0xA5;

    /// <summary>Loads it, for good.</summary>
    internal static void Load(string path)
    {
        var name = Path.GetFileName(path);
        Refuse(File.Exists(path) ? null : $"there is no GPU library {path}");
        Refuse(LibraryHeader.Problem(path) is { } problem ? $"{path} {problem}" : null);
        Refuse(Unfit(name, Marshal.PtrToStringUTF8(Ggml.ggml_version())));
        using var log = new LogScope(receiver: null);
        Refuse(
            LibraryFiles.Refusal(path) is { } words
                ? $"{path} does not open: {NeededLibraries.Explain(path, words)}"
                : null
        );
        var registry = Ggml.ggml_backend_load(path);
        Refuse(
            registry == 0
                ? $"{path} is no backend that this ggml takes: {log.LastError ?? "it has no ggml_backend_init"}"
                : null
        );
        var devices = new List<nint>();
        for (nuint i = 0; i < Ggml.ggml_backend_reg_dev_count(registry); i++)
        {
            devices.Add(Ggml.ggml_backend_reg_dev_get(registry, i));
        }
        var said = log.LastError ?? log.Lines.LastOrDefault(line => line.StartsWith("ggml_"));
        Refuse(
            devices.Count == 0
                ? $"{name} shows no device{(said is null ? "" : $": {said.Trim()}")}"
                : null
        );
        foreach (var device in devices)
        {
            CheckProperties(path, device);
        }
        Refuse(
            devices.All(device => DeviceList.KindOf(device) == DeviceKind.Cpu)
                ? $"{path} computes on the CPU: it is no GPU library"
                : null
        );
    }

    /// <summary>Why no plugin can be taken by a ggml of some version; null where they fit.</summary>
    internal static string? Unfit(string name, string? ggml) =>
        ggml == Ggml.Release
            ? null
            : $"no plugin fits: {name} is made for ggml {Ggml.Release}, and the loaded llama.cpp has ggml {ggml}";

    // get_props is the fifth function of ggml_backend_device. Called directly, because ggml clears the struct first, and then the byte behind the
    // last field that we know tells nothing.
    private static void CheckProperties(string path, nint device)
    {
        const int room = 256;
        var properties = stackalloc byte[room];
        new Span<byte>(properties, room).Fill(Untouched);
        ((delegate* unmanaged[Cdecl]<nint, byte*, void>)((nint*)device)[4])(device, properties);
        Refuse(
            new Span<byte>(properties, room)[PropertiesBytes..].ContainsAnyExcept(Untouched)
                ? $"no plugin fits: {path} is of another release of llama.cpp than b10361, and its devices have properties that ggml {Ggml.Release} does not know; "
                    + "take it from npm's packages @node-llama-cpp 3.20.0 (echorate backend add), or build it from that release"
                : null
        );
    }

    private static void Refuse(string? why)
    {
        if (why is not null)
        {
            throw new NativeLibraryException(why);
        }
    }
}
