namespace EchoRate.Core.LlamaCpp;

/// <summary>What llama.cpp says about single tokens, as an engine asks it.</summary>
public interface ITokenSource
{
    /// <summary>Writes a token's bytes, special ones by name; a negative answer is the size that is needed, nothing is written then.</summary>
    int PieceInto(int token, Span<byte> destination);

    /// <summary><c>llama_token_attr</c>: flags, see <see cref="TokenTable"/>.</summary>
    int Attributes(int token);

    /// <summary>Whether generation ends at the token.</summary>
    bool EndsGeneration(int token);
}
