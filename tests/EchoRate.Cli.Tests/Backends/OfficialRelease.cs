using System.Text;
using EchoRate.Cli.Tests.Fixtures;
using EchoRate.Machine.Natives;

namespace EchoRate.Cli.Tests.Backends;

/// <summary>
/// A folder like an unpacked official release of llama.cpp for Linux, made from the libraries that we fetch: no release in file names, no
/// metadata, links of <c>SOVERSION</c> 0, and library names inside the files to match. (libggml-base keeps its name inside: the official one is longer.)
/// </summary>
internal static class OfficialRelease
{
    /// <summary>Makes it.</summary>
    public static string Make(TemporaryFolder parent, LlamaLibraries fetched)
    {
        var folder = Directory.CreateDirectory(parent.At("official")).FullName;
        foreach (var file in Directory.EnumerateFiles(fetched.Directory, "libggml-*.so"))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }
        Put(folder, fetched.Ggml, "libggml", "0.23.0", fetched);
        Put(folder, fetched.Llama, "libllama", "0.4.0", fetched);
        return folder;
    }

    private static void Put(
        string folder,
        string from,
        string name,
        string version,
        LlamaLibraries fetched
    )
    {
        var bytes = File.ReadAllBytes(from);
        Rename(bytes, Path.GetFileName(fetched.Ggml), "libggml.so.0");
        Rename(bytes, Path.GetFileName(fetched.Llama), "libllama.so.0");
        File.WriteAllBytes(Path.Combine(folder, $"{name}.so.{version}"), bytes);
        File.CreateSymbolicLink(Path.Combine(folder, $"{name}.so.0"), $"{name}.so.{version}");
        File.CreateSymbolicLink(Path.Combine(folder, $"{name}.so"), $"{name}.so.0");
    }

    // In the table of strings, where the shorter name ends earlier.
    private static void Rename(byte[] bytes, string old, string now)
    {
        var at = bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes("\0" + old + "\0"));
        if (at >= 0)
        {
            bytes.AsSpan(at + 1, old.Length).Clear();
            Encoding.ASCII.GetBytes(now, bytes.AsSpan(at + 1));
        }
    }
}
