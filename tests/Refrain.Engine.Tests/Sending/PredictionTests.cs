using Refrain.Testing;

namespace Refrain.Engine.Tests.Sending;

/// <summary>The predicted instant equals the real one, in many random worlds.</summary>
public sealed class PredictionTests
{
    [Theory]
    [InlineData(DatabaseKind.Sqlite, 1, 30)]
    [InlineData(DatabaseKind.Postgres, 1001, 3)]
    public async Task what_was_predicted_is_what_happens_to_the_minute(DatabaseKind database, int firstSeed, int worlds)
    {
        var predictions = new List<Prediction>();
        for (var seed = firstSeed; seed < firstSeed + worlds; seed++) predictions.AddRange(await PredictionWorld.LiveAsync(database, seed, contacts: 30));

        predictions.Count.ShouldBeGreaterThan(worlds * 5);
        var wrong = predictions.Where(prediction => !prediction.IsRight).ToList();
        wrong.Count.ShouldBeLessThanOrEqualTo(predictions.Count / 100, $"{wrong.Count} of {predictions.Count} predictions were wrong:\n{string.Join('\n', wrong)}");
    }
}
