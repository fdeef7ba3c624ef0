using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;

namespace EchoRate.LLamaSharp.Libraries;

/// <summary>
/// Which libraries a GPU library needs and this system does not have. The system's loader stops at the first one on Linux and names none on
/// Windows, and CUDA's come in several packages.
/// </summary>
internal static class NeededLibraries
{
    // Builds of llama.cpp with a version in their names want ggml-base under another name than that of LLamaSharp's.
    private const string VersionedBase = "libggml-base.so.0";

    /// <summary>The loader's words, with the missing libraries in their place where they are known.</summary>
    internal static string Explain(string path, string words)
    {
        if (words.Contains(VersionedBase))
        {
            return $"it wants {VersionedBase}, and LLamaSharp's is called libggml-base.so; build it with -DCMAKE_PLATFORM_NO_VERSIONED_SONAME=ON, or run: patchelf --replace-needed {VersionedBase} libggml-base.so {path}";
        }
        var needed =
            OperatingSystem.IsWindows() ? OfWindows(path)
            : words.Contains(".so.13") ? OfCuda(13)
            : words.Contains(".so.12") ? OfCuda(12)
            : [];
        var folder = Path.GetDirectoryName(path)!;
        var missing = needed.Where(name =>
            !File.Exists(Path.Combine(folder, name)) && !NativeLibrary.TryLoad(name, out _)
        );
        return string.Join(", ", missing) is { Length: > 0 } names ? "missing: " + names : words;
    }

    private static string[] OfCuda(int release) =>
        [
            $"libcudart.so.{release}",
            $"libcublas.so.{release}",
            $"libcublasLt.so.{release}",
            "libcuda.so.1",
        ];

    /// <summary>The names in the import table of a Windows library (PE format, section 6.4.1: 20 bytes for each, the name's address at 12).</summary>
    internal static IReadOnlyList<string> OfWindows(string path)
    {
        using var reader = new PEReader(File.OpenRead(path));
        var names = new List<string>();
        if (reader.PEHeaders.PEHeader is not { ImportTableDirectory.Size: > 0 } header)
        {
            return names;
        }
        var table = reader
            .GetSectionData(header.ImportTableDirectory.RelativeVirtualAddress)
            .GetReader();
        while (table.RemainingBytes >= 20)
        {
            table.Offset += 12;
            var address = table.ReadInt32();
            table.Offset += 4;
            if (address == 0)
            {
                break;
            }
            var name = reader.GetSectionData(address).GetReader();
            names.Add(name.ReadUTF8(name.IndexOf(0)));
        }
        return names;
    }
}
