using EchoRate.Gguf;
using EchoRate.Testing;

namespace EchoRate.Tests.DemoModels;

/// <summary>Miniatures and traps, written and read back.</summary>
internal static class MiniatureFile
{
    internal static byte[] Bytes(Miniature miniature)
    {
        using var stream = new MemoryStream();
        miniature.Write(stream);
        return stream.ToArray();
    }

    /// <summary>Reads the file while it is there; tensor data can be copied in <paramref name="look"/> only.</summary>
    internal static T Look<T>(Action<string> write, Func<GgufFile, T> look)
    {
        var folder = Directory.CreateTempSubdirectory("echorate-mini-");
        try
        {
            var path = Path.Combine(folder.FullName, "mini.gguf");
            write(path);
            return look(GgufFile.Read(path));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    internal static byte[] Data(this GgufFile file, string tensor)
    {
        using var stream = new MemoryStream();
        file.CopyTensor(file.Tensor(tensor)!, stream);
        return stream.ToArray();
    }
}
