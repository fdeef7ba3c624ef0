using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using EchoRate.Machine.Backends;

namespace EchoRate.Tests.Machine;

/// <summary>A package of npm's as small as can be, and the backend that trusts it.</summary>
internal sealed class FakePackage
{
    public const string Library = "the library of a GPU";

    /// <summary>Writes the archive into a machine's folder, and has its npm bring it.</summary>
    /// <param name="fake">The machine.</param>
    /// <param name="name">The backend's name.</param>
    /// <param name="script">Run by npm before it brings the archive.</param>
    public FakePackage(FakeHost fake, string name, string script = "")
    {
        var backend = Backend.Find(fake.Host, name)!;
        Archive = fake.In("archive.tgz");
        using (var file = File.Create(Archive))
        using (var zipped = new GZipStream(file, CompressionLevel.Fastest))
        using (var entries = new TarWriter(zipped))
        {
            Add(entries, "package/package.json", "{}");
            Add(entries, "package/LICENSE", "MIT");
            Add(entries, "package/bins/other/libllama.so", "what nobody needs");
            Add(entries, backend.Entry, Library);
        }
        Backend = backend with
        {
            Integrity = Convert.ToBase64String(SHA512.HashData(File.ReadAllBytes(Archive))),
            LibrarySha256 = Convert.ToHexStringLower(
                SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Library))
            ),
        };
        fake.WithNpm($"{script}\ncp '{Archive}' .");
    }

    public string Archive { get; }

    public Backend Backend { get; }

    private static void Add(TarWriter entries, string name, string text) =>
        entries.WriteEntry(
            new PaxTarEntry(TarEntryType.RegularFile, name)
            {
                DataStream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text)),
            }
        );
}
