using EchoRate.Core.Engine;
using EchoRate.LLamaSharp.Libraries;

namespace EchoRate.LLamaSharp.Loading;

/// <summary>The engine <c>llamasharp</c>: llama.cpp through the package LLamaSharp.</summary>
/// <param name="library">The libraries of this process.</param>
/// <param name="threads">Threads where nobody says otherwise: the physical cores. LLamaSharp's own guess is half the processors.</param>
public sealed class LLamaSharpEngine(LLamaSharpLibrary library, int threads) : IEngine
{
    public EngineFacts Facts => library.Facts;

    public IModelSession Load(string path, LoadOptions options)
    {
        var session = new SessionLoader(path, options, threads).Load();
        if (session.Report.NotExact is not { } weights)
        {
            return session;
        }
        // What it multiplies otherwise would be a mixture: all of it is the library's then.
        session.Dispose();
        options = options with { IsExact = false };
        return new SessionLoader(path, options, threads) { NotExact = weights }.Load();
    }

    public ILoadedVocabulary LoadVocabulary(
        string path,
        bool withoutSpacePrefix,
        Action<string>? log = null
    ) => ModelLoader.LoadVocabulary(path, withoutSpacePrefix, log);
}
