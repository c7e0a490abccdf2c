//! The region that knows a token.

use chat2desk::transport::RetryPolicy;
use chat2desk::{Builder, Region};

/// Returns the first region whose server accepts the token. A region that cannot be reached does not know it.
pub async fn find(regions: Vec<(Region, Builder)>) -> Option<Region> {
    for (region, builder) in regions {
        let Ok(chat) = builder.retry(RetryPolicy::never()).build() else {
            continue;
        };
        if chat.get_api_info().send().await.is_ok() {
            return Some(region);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::find;
    use chat2desk::{Chat2Desk, Region};
    use chat2desk_sandbox::{Account, Sandbox};

    #[tokio::test]
    async fn the_region_that_accepts_the_token_is_found() {
        let account = |token: &str, region| Account::new(token).region(region);
        let sandbox = Sandbox::builder()
            .account(account("token-of-mx", Region::Mx))
            .account(account("token-of-kz", Region::Kz));
        let sandbox = sandbox.start().await.unwrap();
        let url = |token: &str| sandbox.account(token).unwrap().url();
        for (token, expected) in [
            ("token-of-mx", Some(Region::Mx)),
            ("token-of-kz", Some(Region::Kz)),
            ("token-of-nobody", None),
        ] {
            let at = |url: String| Chat2Desk::builder(token).base_url(url);
            let regions = vec![
                (Region::Eu, at("http://127.0.0.1:9".into())),
                (Region::Mx, at(url("token-of-mx"))),
                (Region::Kz, at(url("token-of-kz"))),
            ];
            assert_eq!(find(regions).await, expected, "{token}");
        }
    }
}
