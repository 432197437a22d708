//! What models cost, as the configuration tells.

use std::collections::HashMap;

use domain::models::Price;

/// Prices by name: `provider/model`, or `model` whoever runs it.
#[derive(Debug)]
pub(super) struct Prices(HashMap<String, Price>);

impl Prices {
    pub(super) fn new(configured: HashMap<String, Price>) -> Self {
        Self(configured)
    }

    /// The price of a provider's model.
    pub(super) fn of(&self, provider: &str, model: &str) -> Option<Price> {
        let exact = self.0.get(&format!("{provider}/{model}"));
        exact.or_else(|| self.0.get(model)).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_for_one_provider_wins_over_one_for_all() {
        let price = |input| Price { input, output: 1.0 };
        let prices = Prices::new([("m".to_owned(), price(1.0)), ("b/m".to_owned(), price(2.0))].into());
        assert_eq!(prices.of("a", "m"), Some(price(1.0)));
        assert_eq!(prices.of("b", "m"), Some(price(2.0)));
        assert_eq!(prices.of("a", "n"), None);
    }
}
